package io.konnectproxy.wire;

/**
 * Reads version and cipher suite of a ServerHello (RFC 8446, section 4.1.3; RFC 5246, section 7.4.1.3) byte by byte. Stores no
 * byte of it. Lengths that do not fit make it {@link Reading#OTHER}. One instance per message; not thread-safe.
 */
final class ServerHelloMessage {
    private static final int TYPE = 2;
    private static final int RANDOM = ServerHelloReader.RANDOM;
    private static final int SESSION_ID = RANDOM + ServerHelloReader.RETRY.length;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int MESSAGE_HEADER = 4;
    /** Of the message's end behind the session id: cipher suite and compression method, without extensions. */
    private static final int SHORTEST_TAIL = 3;

    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;

    /** What the message is. */
    enum Reading {
        NEED_MORE,
        TLS_1_2,
        TLS_1_3,
        HELLO_RETRY_REQUEST,
        /** Of another version, or no ServerHello. */
        OTHER
    }

    private int at;
    private int length;
    private int version;
    private boolean retry = true;
    private int sessionId;
    private int cipherSuite;

    /** Position in the extension that is being read, its header included. */
    private int inExtension;

    private int extensionType;
    private int extensionLength;
    private int selected;

    Reading take(int octet) {
        int now = at++;
        if (now == 0) {
            return octet == TYPE ? Reading.NEED_MORE : Reading.OTHER;
        }
        if (now < MESSAGE_HEADER) {
            length = length << 8 | octet;
        } else if (now < RANDOM) {
            version = version << 8 | octet;
        } else if (now < SESSION_ID) {
            retry &= (byte) octet == ServerHelloReader.RETRY[now - RANDOM];
        } else if (now == SESSION_ID) {
            sessionId = octet;
            if (octet > LONGEST_SESSION_ID || MESSAGE_HEADER + length < SESSION_ID + 1 + octet + SHORTEST_TAIL) {
                return Reading.OTHER;
            }
        } else {
            inTail(now - SESSION_ID - 1 - sessionId, octet);
        }
        return at < MESSAGE_HEADER + length || at <= SESSION_ID ? Reading.NEED_MORE : reading();
    }

    /** @param now position behind the session id */
    private void inTail(int now, int octet) {
        if (now >= 0 && now < 2) {
            cipherSuite = cipherSuite << 8 | octet;
        } else if (now >= SHORTEST_TAIL + 2) {
            inExtension(octet);
        }
    }

    private void inExtension(int octet) {
        int now = inExtension++;
        if (now < 2) {
            extensionType = extensionType << 8 | octet;
        } else if (now < 4) {
            extensionLength = extensionLength << 8 | octet;
        } else if (extensionType == SUPPORTED_VERSIONS) {
            selected = selected << 8 | octet;
        }
        if (inExtension >= 4 && inExtension == 4 + extensionLength) {
            inExtension = 0;
            extensionType = 0;
            extensionLength = 0;
        }
    }

    private Reading reading() {
        if (version != TLS_1_2) {
            // TLS 1.0 and 1.1 have the same records, but no data plane of today.
            return version == 0x0301 || version == 0x0302 ? Reading.TLS_1_2 : Reading.OTHER;
        }
        if (retry) {
            return Reading.HELLO_RETRY_REQUEST;
        }
        return selected == TLS_1_3 ? Reading.TLS_1_3 : selected == 0 ? Reading.TLS_1_2 : Reading.OTHER;
    }

    /** After a result. */
    int cipherSuite() {
        return cipherSuite;
    }
}
