/**
 * Copies of audit lines: on standard output, to a syslog receiver, to an OpenTelemetry collector. Lines that a mirror misses are
 * counted. Lines that wait for a mirror are bounded. Writing the trail never waits for a mirror. Start at
 * {@link io.konnectproxy.mirror.Mirrors}. Knows nothing of files or of how the trail is written.
 */
@NullMarked
package io.konnectproxy.mirror;

import org.jspecify.annotations.NullMarked;
