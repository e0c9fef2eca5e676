package io.konnectproxy.wire;

import static io.konnectproxy.wire.ServerHelloReading.HELLO_RETRY_REQUEST;
import static io.konnectproxy.wire.ServerHelloReading.NEED_MORE;
import static io.konnectproxy.wire.ServerHelloReading.OTHER;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Detects whether the first message of a server is a HelloRetryRequest, even if it is fragmented: a ServerHello whose random is
 * the SHA-256 of {@code HelloRetryRequest} (RFC 8446, section 4.1.3). Bytes after the random are not read, and none is stored.
 * One instance per tunnel; not thread-safe.
 */
public final class ServerHelloReader {
    private static final int ALERT_RECORD = 21;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int RECORD_HEADER = 5;
    private static final int ALERT_LENGTH = 2;
    private static final int WARNING = 1;
    private static final int SERVER_HELLO = 2;
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
                return hasContent() ? NEED_MORE : OTHER;
            }
            default -> {}
        }
        return NEED_MORE;
    }

    /** An alert of level warning may precede the ServerHello and does not end the handshake (RFC 5246, section 7.2). */
    private boolean isExpected(int type) {
        return type == HANDSHAKE_RECORD || (type == ALERT_RECORD && messageRead == 0);
    }

    private boolean hasContent() {
        return recordType == ALERT_RECORD ? recordLength == ALERT_LENGTH : recordLength > 0;
    }

    private ServerHelloReading inRecord(int octet) {
        ServerHelloReading soFar = recordType == ALERT_RECORD ? inAlert(octet) : inMessage(octet);
        if (++recordRead == recordLength) {
            headerRead = 0;
        }
        return soFar;
    }

    private ServerHelloReading inAlert(int octet) {
        return recordRead == 0 && octet != WARNING ? OTHER : NEED_MORE;
    }

    private ServerHelloReading inMessage(int octet) {
        int at = messageRead++;
        if (at == 0) {
            return octet == SERVER_HELLO ? NEED_MORE : OTHER;
        }
        if (at < RANDOM) {
            return NEED_MORE;
        }
        if ((byte) octet != RETRY[at - RANDOM]) {
            return OTHER;
        }
        return messageRead == RANDOM + RETRY.length ? HELLO_RETRY_REQUEST : NEED_MORE;
    }
}
