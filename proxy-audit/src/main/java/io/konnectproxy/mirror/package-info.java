/**
 * Copies of audit lines for others to read: on standard output, with a syslog receiver, with an OpenTelemetry collector.
 * What a mirror misses is counted; what waits for a mirror is bounded; nobody waits for one. Start at
 * {@link io.konnectproxy.mirror.Mirrors}. Knows nothing of files or of how the trail is written.
 */
@NullMarked
package io.konnectproxy.mirror;

import org.jspecify.annotations.NullMarked;
