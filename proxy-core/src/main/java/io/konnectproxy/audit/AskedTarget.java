package io.konnectproxy.audit;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * The host and port that a client asked for: never a user, a password, a path or a query. It has at most
 * {@value #MAX_LENGTH} characters, all of which are allowed in a host or a port.
 *
 * @param text empty if nothing of the request target may be shown
 * @param truncated whether the request target was longer
 */
public record AskedTarget(String text, boolean truncated) {
    private static final int MAX_LENGTH = 512;

    private static final int PORT_DIGITS = 5;
    /** The scheme of an absolute URL. These two words reveal nothing about a user. */
    private static final List<String> SCHEMES = List.of("http:", "https:");

    public AskedTarget {
        if (text.length() > MAX_LENGTH || skip(text, 0, text.length(), AskedTarget::isAllowed) < text.length()) {
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
        int end = withoutUser ? endOfHostAndPort(asked) : endOfScheme(asked);
        // What follows may still belong to it, and then it may be a user and a password.
        int shown = end < asked.length() && isAllowed(asked.charAt(end)) ? 0 : Math.min(end, MAX_LENGTH);
        return new AskedTarget(asked.substring(0, shown), shown < asked.length());
    }

    /** Only a port may follow a colon. */
    private static int endOfHostAndPort(String asked) {
        int end;
        if (asked.startsWith("[")) {
            end = skip(asked, 1, asked.length(), AskedTarget::isOfIpv6);
            end += asked.startsWith("]", end) ? 1 : 0;
        } else {
            end = skip(asked, 0, asked.length(), AskedTarget::isOfName);
        }
        return asked.startsWith(":", end)
                ? skip(asked, end + 1, Math.min(end + 1 + PORT_DIGITS, asked.length()), AskedTarget::isDigit)
                : end;
    }

    private static int endOfScheme(String asked) {
        // Beyond ASCII there are letters that Java takes for an "s" in another case.
        int ascii = skip(asked, 0, asked.length(), AskedTarget::isAllowed);
        return SCHEMES.stream()
                .filter(scheme -> ascii >= scheme.length() && asked.regionMatches(true, 0, scheme, 0, scheme.length()))
                .mapToInt(String::length)
                .findFirst()
                .orElse(0);
    }

    private static int skip(String text, int from, int to, IntPredicate characters) {
        int at = from;
        while (at < to && characters.test(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isOfIpv6(int character) {
        return isDigit(character)
                || (character >= 'a' && character <= 'f')
                || (character >= 'A' && character <= 'F')
                || character == ':'
                || character == '.';
    }

    private static boolean isOfName(int character) {
        return isDigit(character)
                || (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || character == '.'
                || character == '_'
                || character == '-';
    }

    private static boolean isAllowed(int character) {
        return isOfName(character) || character == ':' || character == '[' || character == ']';
    }
}
