package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import org.jspecify.annotations.Nullable;

/**
 * Parses the header section after the request line (RFC 9112, section 5) octet by octet, up to the empty line that ends it.
 * Only the values of fields that could make two parsers disagree about the request, the credentials, and the proxies that it came
 * through, are interpreted. The values of other fields are not stored.
 */
final class HeaderFields {
    private static final int MAX_FIELDS = 64;

    private final RequestLine line;
    private final StringBuilder name = new StringBuilder();
    /** The permitted values of the current field; null if any value is. */
    private @Nullable ExpectedValue expected;
    /** The parser of the current field; null if the field does not have the credentials. */
    private @Nullable BasicField basic;

    private Credentials credentials = Credentials.None.NONE;
    /** Of all fields of that name; null before the first one. */
    private @Nullable ViaField via;

    private boolean inVia;

    private Part part = Part.LINE_START;
    private int fields;
    private boolean hostSeen;
    private boolean contentLengthSeen;

    private enum Part {
        LINE_START,
        NAME,
        VALUE,
        LINE_FEED,
        LAST_LINE_FEED
    }

    HeaderFields(RequestLine line) {
        this.line = line;
    }

    /** Consumes the next octet. Returns the whole head with the last one. */
    HeadReading accept(int octet) {
        return switch (part) {
            case LINE_START -> atLineStart(octet);
            case NAME -> inName(octet);
            case VALUE -> inValue(octet);
            case LINE_FEED -> atLineFeed(octet);
            case LAST_LINE_FEED -> octet == Octet.LF ? end() : bareCarriageReturn();
        };
    }

    private HeadReading atLineStart(int octet) {
        if (octet == Octet.CR) {
            part = Part.LAST_LINE_FEED;
            return NEED_MORE;
        }
        if (Octet.isOptionalSpace(octet)) {
            return malformed("A header line must not be folded: write each field on one line.");
        }
        if (octet == ':') {
            return malformed("A header line has no name before its colon.");
        }
        if (++fields > MAX_FIELDS) {
            return malformed("The head has more than " + MAX_FIELDS + " header fields.");
        }
        name.setLength(0);
        part = Part.NAME;
        return inName(octet);
    }

    private HeadReading inName(int octet) {
        if (octet == ':') {
            part = Part.VALUE;
            return nameRead();
        }
        if (Octet.isOptionalSpace(octet)) {
            return malformed("A header name must be followed by its colon without a space.");
        }
        if (octet == Octet.CR || octet == Octet.LF) {
            return malformed("A header line must be a name, a colon and a value, ended by CR LF.");
        }
        name.append((char) Octet.lower(octet));
        return Octet.isToken(octet)
                ? NEED_MORE
                : malformed("A header name has a character that RFC 9110 does not allow in it.");
    }

    private HeadReading nameRead() {
        expected = null;
        basic = null;
        inVia = false;
        return switch (name.toString()) {
            case "host" -> expectHost();
            case "content-length" -> expectNoContent();
            case "proxy-authorization" -> expectCredentials();
            case "via" -> expectProxies();
            case "transfer-encoding" -> malformed("A CONNECT request has no body: leave Transfer-Encoding out.");
            default -> NEED_MORE;
        };
    }

    private HeadReading expectHost() {
        if (hostSeen) {
            return malformed("Host must be there once only.");
        }
        hostSeen = true;
        String target = line.targetText();
        expected = new ExpectedValue(
                target,
                target.lastIndexOf(':'),
                "Host must be the target's host, or host and port, as the request line spells them.");
        return NEED_MORE;
    }

    private HeadReading expectNoContent() {
        if (contentLengthSeen) {
            return malformed("Content-Length must be there once only, or better not at all.");
        }
        contentLengthSeen = true;
        expected = new ExpectedValue("0", 1, "A CONNECT request has no body: Content-Length must be 0 or left out.");
        return NEED_MORE;
    }

    /** Malformed credentials are not a fault of the head: the target is still parsed and decided on. */
    private HeadReading expectCredentials() {
        if (credentials == Credentials.None.NONE) {
            basic = new BasicField();
        } else {
            credentials = new Credentials.Unreadable("Proxy-Authorization must be there once only.");
        }
        return NEED_MORE;
    }

    private HeadReading expectProxies() {
        if (via == null) {
            via = new ViaField();
        }
        inVia = true;
        return NEED_MORE;
    }

    private HeadReading inValue(int octet) {
        if (octet == Octet.CR) {
            part = Part.LINE_FEED;
            if (inVia && via != null) {
                via.end();
            }
            if (basic != null) {
                credentials = basic.end();
            }
            return expected == null || expected.complete() ? NEED_MORE : malformed(expected.problem());
        }
        if (octet == Octet.LF) {
            return malformed("A header line must end in CR LF; an LF stands alone.");
        }
        if (!Octet.isVisible(octet) && !Octet.isOptionalSpace(octet)) {
            return malformed("A header value has a byte outside printable ASCII.");
        }
        if (basic != null) {
            basic.accept(octet);
        }
        if (inVia && via != null) {
            via.accept(octet);
        }
        return expected == null || expected.accept(octet) ? NEED_MORE : malformed(expected.problem());
    }

    private HeadReading atLineFeed(int octet) {
        part = Part.LINE_START;
        return octet == Octet.LF ? NEED_MORE : bareCarriageReturn();
    }

    private HeadReading end() {
        return hostSeen || !line.requiresHost()
                ? new ConnectHead(line.target(), credentials, via == null ? ProxyChain.EMPTY : via.chain())
                : malformed("HTTP/1.1 requires a Host field: send the target's host and port in it.");
    }

    private static HeadFault bareCarriageReturn() {
        return malformed("A header line must end in CR LF; a CR stands alone.");
    }

    private static HeadFault malformed(String problem) {
        return new HeadFault(HeadFault.Kind.MALFORMED, problem);
    }
}
