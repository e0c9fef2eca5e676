package io.konnectproxy.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asked for, as far as it is a host and a port: never a user, a password, a path or a query. At most
 * {@value #MAX_LENGTH} characters, and no others than hosts and ports have.
 *
 * @param text empty where nothing of it may be shown
 * @param truncated whether it was longer
 */
public record AskedTarget(String text, boolean truncated) {
    private static final int MAX_LENGTH = 512;
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{0," + MAX_LENGTH + "}");

    private static final String NOTHING_MORE = "(?![A-Za-z0-9._:\\[\\]-])";
    /** Behind a colon nothing but a port: else it is the form of a user and a password. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[[0-9A-Fa-f:.]*+]?+|[A-Za-z0-9._-]*+)(?::[0-9]{0,5}+)?+" + NOTHING_MORE);
    /** What an absolute URL begins with; the words are known, so that nothing is learnt from them. */
    private static final Pattern SCHEME = Pattern.compile("(?i:https?:)" + NOTHING_MORE);

    public AskedTarget {
        if (!SAFE.matcher(text).matches()) {
            throw new IllegalArgumentException("not made of what hosts and ports have");
        }
    }

    /**
     * Takes what comes before the first character that neither a host nor a port can have. Where that is no host, with or
     * without a port, it takes nothing.
     *
     * @param asked what stood in the place of the request target
     * @param withoutUser whether it is certain that no user information is in it, nor the beginning of some. Of what may
     *     have such, only {@code http:} or {@code https:} is taken.
     */
    public static AskedTarget of(String asked, boolean withoutUser) {
        Matcher matcher = (withoutUser ? HOST_AND_PORT : SCHEME).matcher(asked);
        int end = matcher.lookingAt() ? Math.min(matcher.end(), MAX_LENGTH) : 0;
        return new AskedTarget(asked.substring(0, end), end < asked.length());
    }
}
