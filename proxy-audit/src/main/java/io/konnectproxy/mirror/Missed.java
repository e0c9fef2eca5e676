package io.konnectproxy.mirror;

import java.time.Instant;

/**
 * Lines of the trail that a mirror does not have.
 *
 * @param mirror its name, {@link Mirror#name}
 * @param count of the lines, at least one
 * @param from time of the first of them
 * @param until time of the last of them
 * @param reason why the first was missed, as in "connection refused"; printable ASCII
 */
public record Missed(String mirror, long count, Instant from, Instant until, String reason) {}
