package io.konnectproxy.wire;

import java.util.Locale;
import java.util.Optional;

/**
 * The header fields of a CONNECT head (RFC 9112, section 5). Three of them say something here, and must say the one right
 * thing; all others only need to be well-formed, and their values are not kept.
 */
final class HeaderFields {
    private static final int MAX_FIELDS = 64;

    private int count;
    private Optional<String> host = Optional.empty();
    private boolean contentLength;

    /**
     * Takes one field line, printable ASCII and tabs, without its end.
     *
     * @return what is wrong with it
     */
    Optional<String> add(String line) {
        if (++count > MAX_FIELDS) {
            return Optional.of("The request has more than " + MAX_FIELDS + " header fields.");
        }
        int colon = line.indexOf(':');
        if (colon < 0 || !Token.isToken(line.substring(0, colon))) {
            return Optional.of("A header field must be name: value on one line, without a space before the colon.");
        }
        String value = withoutBlanks(line.substring(colon + 1));
        return switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "host" -> addHost(value);
            case "content-length" -> addContentLength(value);
            case "transfer-encoding" -> Optional.of("A CONNECT request has no body: leave out Transfer-Encoding.");
            default -> Optional.empty();
        };
    }

    private Optional<String> addHost(String value) {
        if (host.isPresent()) {
            return Optional.of("The request has more than one Host field.");
        }
        host = Optional.of(value);
        return Optional.empty();
    }

    private Optional<String> addContentLength(String value) {
        if (contentLength || !value.equals("0")) {
            return Optional.of("A CONNECT request has no body: leave out Content-Length.");
        }
        contentLength = true;
        return Optional.empty();
    }

    /** What the fields as a whole lack. Host never routes; it must only not contradict the target. */
    Optional<String> missing(RequestLine requestLine) {
        if (host.isEmpty()) {
            return requestLine.hostRequired()
                    ? Optional.of("An HTTP/1.1 request needs a Host field.")
                    : Optional.empty();
        }
        String target = requestLine.targetText();
        String withoutPort = target.substring(0, target.lastIndexOf(':'));
        return host.get().equalsIgnoreCase(target) || host.get().equalsIgnoreCase(withoutPort)
                ? Optional.empty()
                : Optional.of("The Host field must name the host of the request line.");
    }

    /** Optional white space around a value (RFC 9110, section 5.6.3) is not part of it. */
    private static String withoutBlanks(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
