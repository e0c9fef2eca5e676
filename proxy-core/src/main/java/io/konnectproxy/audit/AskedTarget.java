package io.konnectproxy.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host and port that a client asked for: never a user, a password, a path or a query. It has at most
 * {@value #MAX_LENGTH} characters, all of which are allowed in a host or a port.
 *
 * @param text empty if nothing of the request target may be shown
 * @param truncated whether the request target was longer
 */
public record AskedTarget(String text, boolean truncated) {
    private static final int MAX_LENGTH = 512;

    private static final String END = "(?![A-Za-z0-9._:\\[\\]-])";
    /** Only a port may follow a colon: anything else may be a user and a password. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[[0-9A-Fa-f:.]*+]?+|[A-Za-z0-9._-]*+)(?::[0-9]{0,5}+)?+" + END);
    /** The scheme of an absolute URL. These two words reveal nothing about a user. */
    private static final Pattern SCHEME = Pattern.compile("(?i:https?:)" + END);

    public AskedTarget {
        if (text.length() > MAX_LENGTH || !text.chars().allMatch(AskedTarget::isAllowed)) {
            throw new IllegalArgumentException(
                    "a character that no host or port has, or more than " + MAX_LENGTH + " characters");
        }
    }

    /**
     * Takes the part before the first character that neither a host nor a port can have. Takes nothing if that part is not a
     * host with an optional port.
     *
     * @param asked the request target as received
     * @param withoutUser whether it certainly contains no user information, not even a part of one. Otherwise only
     *     {@code http:} or {@code https:} is taken.
     */
    public static AskedTarget of(String asked, boolean withoutUser) {
        Matcher matcher = (withoutUser ? HOST_AND_PORT : SCHEME).matcher(asked);
        int end = matcher.lookingAt() ? Math.min(matcher.end(), MAX_LENGTH) : 0;
        return new AskedTarget(asked.substring(0, end), end < asked.length());
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "._:[]-".indexOf(character) >= 0;
    }
}
