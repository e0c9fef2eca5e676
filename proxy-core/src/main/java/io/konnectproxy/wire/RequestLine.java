package io.konnectproxy.wire;

import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.ConnectTarget.Malformed;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.konnectproxy.wire.HeadReading.HeadFault.Kind;
import io.konnectproxy.wire.RequestLineReading.Rejected;

/**
 * The line {@code CONNECT host:port HTTP/1.1} (RFC 9112, section 3).
 *
 * @param targetText the target as it was spelled
 * @param hostRequired whether the version demands a Host field (RFC 9112, section 3.2)
 */
record RequestLine(ConnectTarget target, String targetText, boolean hostRequired) implements RequestLineReading {
    private static final String CONNECT = "CONNECT";
    private static final String HTTP2_PREFACE = "PRI * HTTP/2.0";

    /**
     * @param line printable ASCII, without its end
     */
    static RequestLineReading parse(String line) {
        if (line.equals(HTTP2_PREFACE)) {
            return rejected(
                    Kind.NOT_HTTP, "This is HTTP/2, and the listener speaks HTTP/1.1: have the client use that.");
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return malformed("The request line must be CONNECT host:443 HTTP/1.1, with single spaces.");
        }
        String method = parts[0];
        if (method.equalsIgnoreCase(CONNECT) && !method.equals(CONNECT)) {
            return malformed("The method must be CONNECT in capital letters.");
        }
        String version = parts[2];
        if (!isVersion(version)) {
            return malformed("The request line must end in HTTP/1.1.");
        }
        if (version.charAt(5) > '1') {
            return rejected(Kind.VERSION_NOT_SUPPORTED, "The version must be HTTP/1.1.");
        }
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            return malformed("The version must be HTTP/1.1.");
        }
        if (!method.equals(CONNECT)) {
            return rejected(Kind.NOT_CONNECT, "The method must be CONNECT.");
        }
        ConnectTarget target = ConnectTarget.parse(parts[1]);
        return target instanceof Malformed problem
                ? malformed(problem.problem())
                : new RequestLine(target, parts[1], version.equals("HTTP/1.1"));
    }

    private static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && isDigit(text.charAt(7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Rejected malformed(String problem) {
        return rejected(Kind.MALFORMED, problem);
    }

    private static Rejected rejected(Kind kind, String problem) {
        return new Rejected(new HeadFault(kind, problem));
    }
}
