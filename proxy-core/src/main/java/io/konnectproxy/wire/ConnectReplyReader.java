package io.konnectproxy.wire;

import static io.konnectproxy.wire.ReplyReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.ReplyReading.Connected;
import io.konnectproxy.wire.ReplyReading.Declined;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import java.nio.ByteBuffer;

/**
 * Parses the response of a parent proxy to CONNECT (RFC 9112, section 4; RFC 9110, section 9.3.6) octet by octet, so that the
 * result does not depend on the segmentation of the bytes. The values of header fields are ignored: a client must ignore
 * Content-Length and Transfer-Encoding in a 2xx response, and no header field of another final status is read. Interim
 * responses (1xx) are skipped. One instance per response; not thread-safe.
 */
public final class ConnectReplyReader {
    /** Maximum length of all heads together, those of interim responses included. */
    static final int MAX_BYTES = 16 * 1024;

    static final int MAX_FIELDS = 100;
    static final int MAX_INTERIM = 8;

    /** 0 stands for the minor version, 9 for a digit. */
    private static final String STATUS_LINE = "HTTP/1.0 999 ";

    private static final int SWITCHING_PROTOCOLS = 101;

    private ReplyReading reading = NEED_MORE;
    private Part part = Part.STATUS;
    private int length;
    private int at;
    private int status;
    private int fields;
    private int interim;

    private enum Part {
        STATUS,
        PHRASE,
        STATUS_LINE_FEED,
        LINE_START,
        NAME,
        VALUE,
        LINE_FEED,
        LAST_LINE_FEED
    }

    /**
     * Consumes bytes up to the end of the response head. It consumes none after it, because those belong to the tunnel.
     *
     * @throws IllegalStateException if a result was already returned
     */
    public ReplyReading read(ByteBuffer bytes) {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the response was already read: " + reading);
        }
        while (reading == NEED_MORE && bytes.hasRemaining()) {
            reading = accept(bytes.get() & 0xff);
        }
        return reading;
    }

    private ReplyReading accept(int octet) {
        if (++length > MAX_BYTES) {
            return new ReplyFault("The answer has more than " + MAX_BYTES + " bytes before its empty line.");
        }
        return switch (part) {
            case STATUS -> inStatus(octet);
            case PHRASE -> inText(octet, Part.STATUS_LINE_FEED);
            case STATUS_LINE_FEED -> octet == Octet.LF ? statusRead() : bareCarriageReturn();
            case LINE_START -> atLineStart(octet);
            case NAME -> inName(octet);
            case VALUE -> inText(octet, Part.LINE_FEED);
            case LINE_FEED -> atLineFeed(octet);
            case LAST_LINE_FEED -> octet == Octet.LF ? headRead() : bareCarriageReturn();
        };
    }

    private ReplyReading inStatus(int octet) {
        if (octet == Octet.CR && at == STATUS_LINE.length() - 1) {
            // RFC 9112 demands the last space even without a reason phrase; many servers leave it out with the phrase.
            part = Part.STATUS_LINE_FEED;
            return NEED_MORE;
        }
        boolean fits = switch (STATUS_LINE.charAt(at)) {
            case '0' -> octet == '0' || octet == '1';
            case '9' -> Octet.isDigit(octet);
            default -> octet == STATUS_LINE.charAt(at);
        };
        if (!fits) {
            return new ReplyFault(
                    length == 1 && isTlsRecord(octet)
                            ? "The answer is TLS: the URL of this parent has to begin with https."
                            : "The answer does not begin with HTTP/1.1 or HTTP/1.0, a status of three digits and a space.");
        }
        if (STATUS_LINE.charAt(at) == '9') {
            status = status * 10 + (octet - '0');
        }
        if (++at == STATUS_LINE.length()) {
            part = Part.PHRASE;
        }
        return NEED_MORE;
    }

    /** Whether the octet is the type of an alert or a handshake record. */
    private static boolean isTlsRecord(int octet) {
        return octet == 21 || octet == 22;
    }

    /** In a reason phrase or a field value. Bytes beyond ASCII are accepted, because localized ones have them; none is stored. */
    private ReplyReading inText(int octet, Part lineFeed) {
        if (octet == Octet.CR) {
            part = lineFeed;
            return NEED_MORE;
        }
        if (octet == Octet.LF) {
            return new ReplyFault("A line of the answer must end in CR LF; an LF stands alone.");
        }
        return Octet.isVisible(octet) || Octet.isOptionalSpace(octet) || octet >= 0x80
                ? NEED_MORE
                : new ReplyFault("The answer has a control character in it.");
    }

    private ReplyReading statusRead() {
        part = Part.LINE_START;
        if (status >= 300 && status <= 599) {
            return new Declined(status);
        }
        if (status < 100 || status > 599) {
            return new ReplyFault("The answer has a status that HTTP does not have.");
        }
        if (status == SWITCHING_PROTOCOLS) {
            return new ReplyFault("The answer switches to another protocol, for which nobody asked.");
        }
        return status < 200 && ++interim > MAX_INTERIM
                ? new ReplyFault("More than " + MAX_INTERIM + " interim answers came.")
                : NEED_MORE;
    }

    private ReplyReading atLineStart(int octet) {
        if (octet == Octet.CR) {
            part = Part.LAST_LINE_FEED;
            return NEED_MORE;
        }
        if (++fields > MAX_FIELDS) {
            return new ReplyFault("The answer has more than " + MAX_FIELDS + " header fields.");
        }
        if (!Octet.isToken(octet)) {
            return noField();
        }
        part = Part.NAME;
        return NEED_MORE;
    }

    private ReplyReading inName(int octet) {
        if (octet == ':') {
            part = Part.VALUE;
            return NEED_MORE;
        }
        return Octet.isToken(octet) ? NEED_MORE : noField();
    }

    private ReplyReading atLineFeed(int octet) {
        part = Part.LINE_START;
        return octet == Octet.LF ? NEED_MORE : bareCarriageReturn();
    }

    private ReplyReading headRead() {
        if (status >= 200) {
            return Connected.CONNECTED;
        }
        part = Part.STATUS;
        at = 0;
        status = 0;
        return NEED_MORE;
    }

    private static ReplyFault noField() {
        return new ReplyFault("A header line of the answer must be a name, a colon and a value on one line.");
    }

    private static ReplyFault bareCarriageReturn() {
        return new ReplyFault("A line of the answer must end in CR LF; a CR stands alone.");
    }
}
