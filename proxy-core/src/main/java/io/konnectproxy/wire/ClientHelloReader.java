package io.konnectproxy.wire;

import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.FRAGMENTED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.MALFORMED;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.NOT_TLS;
import static io.konnectproxy.wire.HelloReading.HelloFault.Kind.TOO_LARGE;
import static io.konnectproxy.wire.HelloReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.HelloReading.HelloFault;
import java.nio.ByteBuffer;

/**
 * Parses a ClientHello that is one whole TLS record (RFC 8446, section 5.1), as every client of Konnect sends it. A fragmented
 * ClientHello is refused, because routers that inspect the first record only would see another server name, or none. The
 * reader is stateless: the caller passes all bytes received so far each time. The headers are checked as soon as they have
 * arrived, the message when it is complete.
 */
public final class ClientHelloReader {
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MAX_RECORD = 1 << 14;
    /** Length of a body whose lists have minimum length and that has no extensions. */
    private static final int MIN_BODY = 41;

    private ClientHelloReader() {}

    /**
     * Parses the bytes received so far. Bytes after the record are ignored.
     *
     * @param soFar all bytes received, in order; not modified
     */
    public static HelloReading read(ByteBuffer... soFar) {
        byte[] headers = copy(soFar, 0, RECORD_HEADER + MESSAGE_HEADER);
        HelloReading reading = checkRecordHeader(headers);
        if (reading != NEED_MORE || headers.length < RECORD_HEADER + MESSAGE_HEADER) {
            return reading;
        }
        int body = uint8(headers, 6) << 16 | uint16(headers, 7);
        reading = checkMessageHeader(uint16(headers, 3), body);
        if (reading != NEED_MORE) {
            return reading;
        }
        int length = headers.length + body;
        return remaining(soFar) < length ? NEED_MORE : HelloMessage.read(copy(soFar, headers.length, body), length);
    }

    private static HelloReading checkRecordHeader(byte[] headers) {
        if (headers.length > 0 && uint8(headers, 0) != HANDSHAKE_RECORD) {
            return new HelloFault(
                    NOT_TLS,
                    uint8(headers, 0) >= 0x80
                            ? "The tunnel begins with what may be an SSLv2 hello: begin it with a TLS ClientHello."
                            : "The tunnel does not begin with a TLS handshake record: speak TLS in it, client first.");
        }
        if (headers.length > 1 && uint8(headers, 1) != 3) {
            return new HelloFault(NOT_TLS, "The tunnel does not begin with a TLS record: speak TLS in it.");
        }
        if (headers.length < RECORD_HEADER) {
            return NEED_MORE;
        }
        int record = uint16(headers, 3);
        if (record == 0 || record > MAX_RECORD) {
            return malformed("A record must carry 1 to " + MAX_RECORD + " bytes.");
        }
        if (headers.length > RECORD_HEADER && uint8(headers, RECORD_HEADER) != CLIENT_HELLO) {
            return malformed("The first handshake message of the tunnel must be a ClientHello.");
        }
        return headers.length > RECORD_HEADER && record < MESSAGE_HEADER ? fragmented() : NEED_MORE;
    }

    /** The ClientHello must end where its record ends: the keys may change after it (RFC 8446, section 5.1). */
    private static HelloReading checkMessageHeader(int record, int body) {
        int message = MESSAGE_HEADER + body;
        if (message > MAX_RECORD) {
            return new HelloFault(TOO_LARGE, "The ClientHello has more than " + MAX_RECORD + " bytes.");
        }
        if (body < MIN_BODY) {
            return malformed("The length of the handshake message is too small for a ClientHello.");
        }
        if (message < record) {
            return malformed("A record must not go on behind the end of the ClientHello.");
        }
        return message > record ? fragmented() : NEED_MORE;
    }

    private static int remaining(ByteBuffer[] parts) {
        int sum = 0;
        for (ByteBuffer part : parts) {
            sum += part.remaining();
        }
        return sum;
    }

    /** The bytes from {@code from} on that have arrived, at most {@code length}. */
    private static byte[] copy(ByteBuffer[] parts, int from, int length) {
        byte[] bytes = new byte[Math.min(length, remaining(parts) - from)];
        int at = -from;
        for (ByteBuffer part : parts) {
            int begin = Math.max(at, 0);
            int end = Math.min(at + part.remaining(), bytes.length);
            if (begin < end) {
                part.get(part.position() + begin - at, bytes, begin, end - begin);
            }
            at += part.remaining();
        }
        return bytes;
    }

    private static int uint8(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    private static int uint16(byte[] bytes, int at) {
        return uint8(bytes, at) << 8 | uint8(bytes, at + 1);
    }

    private static HelloFault malformed(String problem) {
        return new HelloFault(MALFORMED, problem);
    }

    private static HelloFault fragmented() {
        return new HelloFault(FRAGMENTED, "The ClientHello is spread over more than one record: send it in one.");
    }
}
