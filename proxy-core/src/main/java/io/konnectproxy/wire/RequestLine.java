package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_CONNECT;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_HTTP;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.VERSION_NOT_SUPPORTED;
import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.nio.charset.StandardCharsets;

/**
 * Reads the first line, {@code CONNECT SP target SP HTTP/1.1 CRLF} (RFC 9112, section 3), octet by octet: each is judged
 * before the next is looked at.
 */
final class RequestLine {
    private static final String CONNECT = "CONNECT";
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int MAX_ASKED = 600;
    /** The shape of a version; 0 stands for any digit. */
    private static final String VERSION_SHAPE = "HTTP/0.0";

    private final StringBuilder method = new StringBuilder();
    private final StringBuilder targetText = new StringBuilder();
    private final StringBuilder version = new StringBuilder();
    private ConnectTarget target = new ConnectTarget.Malformed("The target was not read to its end.");
    private Part part = Part.METHOD;

    private enum Part {
        METHOD,
        TARGET,
        VERSION,
        LINE_FEED,
        DONE
    }

    /** Takes the next octet of the line. Once {@link #done}, the line is one that may be served. */
    HeadReading accept(int octet) {
        return switch (part) {
            case METHOD -> inMethod(octet);
            case TARGET -> inTarget(octet);
            case VERSION -> inVersion(octet);
            case LINE_FEED -> atLineFeed(octet);
            case DONE -> throw new IllegalStateException("the request line is complete");
        };
    }

    boolean done() {
        return part == Part.DONE;
    }

    ConnectTarget target() {
        return target;
    }

    /** The target as the client spelled it, {@code host:port}. */
    String targetText() {
        return targetText.toString();
    }

    boolean requiresHost() {
        return version.charAt(7) == '1';
    }

    /**
     * The target as far as read, or the method while there is none. A long one is cut, but from its last {@code @} on:
     * else user information would lose the sign that gives it away.
     */
    byte[] asked() {
        String asked = (targetText.isEmpty() ? method : targetText).toString();
        int from = asked.length() > MAX_ASKED ? Math.max(0, asked.lastIndexOf('@')) : 0;
        return asked.substring(from, Math.min(asked.length(), from + MAX_ASKED)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private HeadReading inMethod(int octet) {
        if (octet == Octet.SP && !method.isEmpty()) {
            part = Part.TARGET;
            return isMisspeltConnect()
                    ? malformed("The method is case-sensitive: write CONNECT in capitals.")
                    : NEED_MORE;
        }
        if (octet == Octet.CR || octet == Octet.LF) {
            return malformed("The request must begin with the line CONNECT host:443 HTTP/1.1, without an empty or cut"
                    + " line before it.");
        }
        boolean first = method.isEmpty();
        method.append((char) octet);
        if (first && octet == TLS_HANDSHAKE) {
            return new HeadFault(
                    NOT_HTTP,
                    "The client speaks TLS to a listener without TLS: write http:// instead of https:// in"
                            + " proxy_server.");
        }
        if (first && octet >= 0x80) {
            return new HeadFault(
                    NOT_HTTP, "The first byte begins no HTTP request: send CONNECT host:443 HTTP/1.1 in clear.");
        }
        return Octet.isToken(octet)
                ? NEED_MORE
                : malformed("The request line must begin with CONNECT and one space, and nothing before it.");
    }

    private boolean isMisspeltConnect() {
        String text = method.toString();
        return text.equalsIgnoreCase(CONNECT) && !text.equals(CONNECT);
    }

    private HeadReading inTarget(int octet) {
        if (octet == Octet.SP && !targetText.isEmpty()) {
            part = Part.VERSION;
            return isConnect() ? readTarget() : NEED_MORE;
        }
        if (octet == Octet.CR || octet == Octet.LF) {
            return malformed("The request line has no version: write CONNECT host:443 HTTP/1.1.");
        }
        if (octet == Octet.SP) {
            return malformed("The parts of the request line must be separated by exactly one space.");
        }
        targetText.append((char) octet);
        return Octet.isVisible(octet)
                ? NEED_MORE
                : malformed("The target has a character that no host name has: write host:443 in ASCII.");
    }

    private boolean isConnect() {
        return CONNECT.contentEquals(method);
    }

    private HeadReading readTarget() {
        target = ConnectTarget.parse(targetText.toString());
        return target instanceof ConnectTarget.Malformed malformed ? malformed(malformed.problem()) : NEED_MORE;
    }

    private HeadReading inVersion(int octet) {
        int at = version.length();
        if (at == VERSION_SHAPE.length()) {
            part = Part.LINE_FEED;
            return octet == Octet.CR
                    ? NEED_MORE
                    : malformed("The request line must end in CR LF right behind HTTP/1.1.");
        }
        version.append((char) octet);
        int expected = VERSION_SHAPE.charAt(at);
        boolean fits = expected == '0' ? Octet.isDigit(octet) : octet == expected;
        return fits ? NEED_MORE : malformed("The request line must end in one space and HTTP/1.1 in capitals.");
    }

    private HeadReading atLineFeed(int octet) {
        if (octet != Octet.LF) {
            return malformed("The request line must end in CR LF; a CR stands alone.");
        }
        part = Part.DONE;
        return switch (version.toString()) {
            case "HTTP/1.1", "HTTP/1.0" ->
                isConnect()
                        ? NEED_MORE
                        : new HeadFault(NOT_CONNECT, "Only CONNECT is served here: use this proxy for https URLs.");
            default -> otherVersion();
        };
    }

    private HeadReading otherVersion() {
        char major = version.charAt(5);
        if (major == '0' || major == '1') {
            return malformed("The version must be HTTP/1.1 or HTTP/1.0.");
        }
        if ("PRI".contentEquals(method) && "*".contentEquals(targetText) && "HTTP/2.0".contentEquals(version)) {
            return new HeadFault(NOT_HTTP, "The client began with HTTP/2: speak HTTP/1.1 to the proxy.");
        }
        return new HeadFault(VERSION_NOT_SUPPORTED, "This major version of HTTP is not served: send HTTP/1.1.");
    }

    private static HeadFault malformed(String problem) {
        return new HeadFault(MALFORMED, problem);
    }
}
