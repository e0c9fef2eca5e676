package io.konnectproxy.wire;

/**
 * What stands in the place of the request target.
 *
 * @param text one character an octet, cut at a length that is enough for the audit line
 * @param withoutUser whether it is certain that no user information is in it: it stands behind CONNECT, in a line that was
 *     read to its end and has no {@code @}, percent-encoded neither
 */
public record RequestTarget(String text, boolean withoutUser) {}
