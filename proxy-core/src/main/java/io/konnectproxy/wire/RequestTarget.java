package io.konnectproxy.wire;

/**
 * The request target as received, for the audit line.
 *
 * @param text one character for each octet, cut to a length that is sufficient for the audit line
 * @param withoutUser whether it certainly contains no user information: the method is CONNECT, the line was read to its end,
 *     and it has no {@code @}, not even a percent-encoded one
 */
public record RequestTarget(String text, boolean withoutUser) {}
