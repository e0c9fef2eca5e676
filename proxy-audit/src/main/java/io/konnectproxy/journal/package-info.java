/**
 * The audit trail made durable. Start at {@link io.konnectproxy.journal.Journal}. Knows nothing of tunnels or of how
 * verdicts come about.
 */
@NullMarked
package io.konnectproxy.journal;

import org.jspecify.annotations.NullMarked;
