package io.konnectproxy.server.command;

import io.konnectproxy.target.ConnectTarget;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a person pasted for a host and port: a URL, a host alone, a request line, with quotes or blanks around it. Only
 * {@code explain} and {@code doctor} do this; the proxy reads targets by {@link ConnectTarget} alone.
 */
final class PastedTarget {
    private static final String AROUND = "[\\s\\p{Z}\\p{Cf}'\"`<>\u2018\u2019\u201c\u201d]+";
    private static final Pattern AROUND_IT = Pattern.compile("^" + AROUND + "|" + AROUND + "$");
    private static final Pattern REQUEST_LINE = Pattern.compile("(?i:CONNECT)\\s+(\\S+)(?:\\s+HTTP/[0-9.]+)?");
    private static final Pattern URL =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/?#]*)(.*)", Pattern.DOTALL);
    /** Between several targets, or of what is none. */
    private static final Pattern BLANK = Pattern.compile("\\s");

    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:]*)(?::([0-9]*))?");

    private PastedTarget() {}

    /**
     * The target that was meant, {@code host:port}, which {@link ConnectTarget} can read. It never has a user or a password.
     *
     * @param text no target by itself
     * @return empty if it cannot be told
     */
    static Optional<String> read(String text) {
        String plain = AROUND_IT.matcher(text).replaceAll("");
        Matcher request = REQUEST_LINE.matcher(plain);
        Matcher url = URL.matcher(request.matches() ? request.group(1) : plain);
        if (!url.matches()) {
            return Optional.empty();
        }
        String scheme = url.group(1) == null ? "" : url.group(1).toLowerCase(Locale.ROOT);
        String authority = url.group(2);
        // Where a password has a slash, what is before it looks like a host and port.
        boolean slashed = authority.indexOf(':') >= 0 && url.group(3).indexOf('@') >= 0;
        // For some clients the host ends at a backslash, for others it begins behind the '@' that follows.
        if (slashed || plain.indexOf('\\') >= 0 || BLANK.matcher(url.group()).find()) {
            return Optional.empty();
        }
        Matcher parts = AUTHORITY.matcher(authority.substring(authority.lastIndexOf('@') + 1));
        if (!parts.matches()) {
            return Optional.empty();
        }
        boolean named = parts.group(2) != null && !parts.group(2).isEmpty();
        String target = parts.group(1) + ":" + (named ? parts.group(2) : defaultPort(scheme));
        // Only what is ASCII already is folded, because other letters may become it.
        return ConnectTarget.parse(target) instanceof ConnectTarget.Malformed
                ? Optional.empty()
                : Optional.of(target.toLowerCase(Locale.ROOT));
    }

    /** Empty for a scheme whose clients do not send CONNECT. */
    private static String defaultPort(String scheme) {
        return switch (scheme) {
            case "", "https", "wss" -> "443";
            case "http", "ws" -> "80";
            default -> "";
        };
    }
}
