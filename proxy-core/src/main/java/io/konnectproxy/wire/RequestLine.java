package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_CONNECT;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.NOT_HTTP;
import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.VERSION_NOT_SUPPORTED;
import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.util.Optional;

/**
 * Parses the request line, {@code CONNECT SP target SP HTTP/1.1 CRLF} (RFC 9112, section 3), octet by octet. A fault in the
 * target of CONNECT or after it is reported at the end of the line: only then it is known whether the line has an {@code @},
 * and so whether the target may be recorded.
 */
final class RequestLine {
    private static final String CONNECT = "CONNECT";
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int MAX_ASKED = 600;
    private static final String ENCODED_AT_SIGN = "%40";
    /** The form of a version; 0 stands for any digit. */
    private static final String VERSION_SHAPE = "HTTP/0.0";

    private final StringBuilder method = new StringBuilder();
    private final StringBuilder targetText = new StringBuilder();
    private final StringBuilder version = new StringBuilder();
    private ConnectTarget target = new ConnectTarget.Malformed("The target was not read to its end.");
    private Part part = Part.METHOD;
    /** The fault of a line that is still read to its end. */
    private HeadReading fault = NEED_MORE;

    private boolean afterCarriageReturn;
    private boolean ended;
    /** Whether the line has an {@code @}: the text before one may be a user and a password. */
    private boolean hasAtSign;

    private enum Part {
        METHOD,
        TARGET,
        VERSION,
        LINE_FEED,
        /** After a fault. */
        REST,
        DONE
    }

    /** Consumes the next octet of the line. After the last one, {@link #done} tells whether the line can be served. */
    HeadReading accept(int octet) {
        hasAtSign |= octet == '@';
        return switch (part) {
            case METHOD -> inMethod(octet);
            case TARGET -> inTarget(octet);
            case VERSION -> inVersion(octet);
            case LINE_FEED -> atLineFeed(octet);
            case REST -> inRest(octet);
            case DONE -> throw new IllegalStateException("the request line was already read");
        };
    }

    boolean done() {
        return part == Part.DONE;
    }

    /** The fault that was found before the line ended. */
    HeadReading fault() {
        return fault;
    }

    ConnectTarget target() {
        return target;
    }

    /** The target as the client wrote it, {@code host:port}. */
    String targetText() {
        return targetText.toString();
    }

    boolean requiresHost() {
        return version.charAt(7) == '1';
    }

    /** The target as far as it was read; empty if none was read. */
    Optional<RequestTarget> asked() {
        return targetText.isEmpty()
                ? Optional.empty()
                : Optional.of(new RequestTarget(
                        targetText.substring(0, Math.min(targetText.length(), MAX_ASKED)),
                        isConnect() && ended && !hasAtSign && targetText.indexOf(ENCODED_AT_SIGN) < 0));
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
            return isConnect() ? readTarget(octet) : NEED_MORE;
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
                : atItsEnd(octet, "The target has a character that no host name has: write host:443 in ASCII.");
    }

    private boolean isConnect() {
        return CONNECT.contentEquals(method);
    }

    private HeadReading readTarget(int octet) {
        target = ConnectTarget.parse(targetText.toString());
        return target instanceof ConnectTarget.Malformed malformed ? atItsEnd(octet, malformed.problem()) : NEED_MORE;
    }

    private HeadReading inVersion(int octet) {
        int at = version.length();
        if (at == VERSION_SHAPE.length()) {
            part = Part.LINE_FEED;
            return octet == Octet.CR
                    ? NEED_MORE
                    : atItsEnd(octet, "The request line must end in CR LF right behind HTTP/1.1.");
        }
        version.append((char) octet);
        int expected = VERSION_SHAPE.charAt(at);
        boolean fits = expected == '0' ? Octet.isDigit(octet) : octet == expected;
        return fits ? NEED_MORE : atItsEnd(octet, "The request line must end in one space and HTTP/1.1 in capitals.");
    }

    private HeadReading atLineFeed(int octet) {
        if (octet != Octet.LF) {
            return malformed("The request line must end in CR LF; a CR stands alone.");
        }
        part = Part.DONE;
        ended = true;
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

    /** A fault to report at the end of the line. With another method it is reported at once: its target is never recorded. */
    private HeadReading atItsEnd(int octet, String problem) {
        fault = malformed(problem);
        if (!isConnect()) {
            return fault;
        }
        part = Part.REST;
        return inRest(octet);
    }

    /** A CR without LF ends the line as well: a client that ends its lines so sends no LF and would wait. */
    private HeadReading inRest(int octet) {
        ended = octet == Octet.LF;
        if (ended || afterCarriageReturn) {
            return fault;
        }
        afterCarriageReturn = octet == Octet.CR;
        return NEED_MORE;
    }

    private static HeadFault malformed(String problem) {
        return new HeadFault(MALFORMED, problem);
    }
}
