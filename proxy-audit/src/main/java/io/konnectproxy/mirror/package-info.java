/**
 * Sends copies of audit lines to standard output, to a syslog receiver and to an OpenTelemetry collector. Writing the
 * trail never waits for a mirror: the waiting lines are bounded, and lines that a mirror misses are counted. Start at
 * {@link io.konnectproxy.mirror.Mirrors}. It must not know files, nor how the trail is written.
 */
@NullMarked
package io.konnectproxy.mirror;

import org.jspecify.annotations.NullMarked;
