/**
 * The events of the audit trail, as values. Start at {@link io.konnectproxy.audit.AuditRecord}; all records are submitted to
 * {@link io.konnectproxy.audit.AuditTrail}. The package does not know JSON, files or clocks.
 */
@NullMarked
package io.konnectproxy.audit;

import org.jspecify.annotations.NullMarked;
