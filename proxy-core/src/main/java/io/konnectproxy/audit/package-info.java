/**
 * What happened, as values. Start at {@link io.konnectproxy.audit.AuditRecord}; {@link io.konnectproxy.audit.AuditTrail}
 * is the one door through which records leave. Knows nothing of JSON, files or clocks.
 */
@NullMarked
package io.konnectproxy.audit;

import org.jspecify.annotations.NullMarked;
