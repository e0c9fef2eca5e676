/**
 * Writes the audit trail durably. Start at {@link io.konnectproxy.journal.Journal}. It must not know tunnels, nor how
 * verdicts are made.
 */
@NullMarked
package io.konnectproxy.journal;

import org.jspecify.annotations.NullMarked;
