package io.konnectproxy.wire;

import static io.konnectproxy.wire.ServerHelloReading.HELLO_RETRY_REQUEST;
import static io.konnectproxy.wire.ServerHelloReading.NEED_MORE;
import static io.konnectproxy.wire.ServerHelloReading.OTHER;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Detects whether the first message of a server is a HelloRetryRequest, even if it is fragmented: a ServerHello whose random is
 * the SHA-256 of {@code HelloRetryRequest} (RFC 8446, section 4.1.3). What does not end the handshake may come before it, and is passed
 * over, lawful or not: warnings (RFC 5246, section 7.2), change_cipher_spec (RFC 8446, appendix D.4), empty records, and
 * HelloRequest (RFC 5246, section 7.4.1.1). Bytes after the random are not read, and none is stored. One instance per tunnel; not
 * thread-safe.
 */
public final class ServerHelloReader {
    private static final int CHANGE_CIPHER_SPEC_RECORD = 20;
    private static final int ALERT_RECORD = 21;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int RECORD_HEADER = 5;
    private static final int WARNING = 1;
    private static final int HELLO_REQUEST = 0;
    private static final int SERVER_HELLO = 2;
    private static final int MESSAGE_HEADER = 4;
    /** Offset of the random in the message: after type, length and legacy_version. */
    static final int RANDOM = 6;

    /** The random of a HelloRetryRequest. */
    static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private ServerHelloReading reading = NEED_MORE;
    private int headerRead;
    private int recordType;
    private int recordLength;
    private int recordRead;
    private int messageRead;
    private boolean helloRequest;

    /** Consumes the bytes that it needs. Has no effect after a result other than {@code NEED_MORE}. */
    public ServerHelloReading read(ByteBuffer bytes) {
        while (reading == NEED_MORE && bytes.hasRemaining()) {
            int octet = bytes.get() & 0xff;
            reading = headerRead < RECORD_HEADER ? inHeader(octet) : inRecord(octet);
        }
        return reading;
    }

    private ServerHelloReading inHeader(int octet) {
        switch (headerRead++) {
            case 0 -> {
                recordType = octet;
                return isExpected(octet) ? NEED_MORE : OTHER;
            }
            case 1 -> {
                return octet == 3 ? NEED_MORE : OTHER;
            }
            case 3 -> recordLength = octet << 8;
            case 4 -> {
                recordLength |= octet;
                recordRead = 0;
                endRecord();
            }
            default -> {}
        }
        return NEED_MORE;
    }

    private static boolean isExpected(int type) {
        return type == HANDSHAKE_RECORD || type == ALERT_RECORD || type == CHANGE_CIPHER_SPEC_RECORD;
    }

    private void endRecord() {
        if (recordRead == recordLength) {
            headerRead = 0;
        }
    }

    private ServerHelloReading inRecord(int octet) {
        ServerHelloReading soFar = switch (recordType) {
            case HANDSHAKE_RECORD -> inMessage(octet);
            case ALERT_RECORD -> inAlert(octet);
            default -> NEED_MORE;
        };
        recordRead++;
        endRecord();
        return soFar;
    }

    /** A record may have several alerts, each of a level and a description. */
    private ServerHelloReading inAlert(int octet) {
        return recordRead % 2 == 0 && octet != WARNING ? OTHER : NEED_MORE;
    }

    private ServerHelloReading inMessage(int octet) {
        int at = messageRead++;
        if (at == 0) {
            helloRequest = octet == HELLO_REQUEST;
            return octet == SERVER_HELLO || helloRequest ? NEED_MORE : OTHER;
        }
        if (helloRequest) {
            return inHelloRequest(at, octet);
        }
        if (at < RANDOM) {
            return NEED_MORE;
        }
        if ((byte) octet != RETRY[at - RANDOM]) {
            return OTHER;
        }
        return messageRead == RANDOM + RETRY.length ? HELLO_RETRY_REQUEST : NEED_MORE;
    }

    /** It has no body. */
    private ServerHelloReading inHelloRequest(int at, int octet) {
        if (at == MESSAGE_HEADER - 1) {
            messageRead = 0;
        }
        return octet == 0 ? NEED_MORE : OTHER;
    }
}
