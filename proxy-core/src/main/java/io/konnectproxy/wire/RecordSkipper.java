package io.konnectproxy.wire;

import java.nio.ByteBuffer;

/**
 * Skips the records (RFC 8446, section 5.1) that a client sends between its ClientHello and the next handshake record. These
 * are change_cipher_spec, alerts and early data; none of them contains a handshake message. One instance per tunnel; not
 * thread-safe.
 */
public final class RecordSkipper {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int RECORD_HEADER = 5;
    /** Maximum length of an encrypted record, which early data is (RFC 8446, section 5.2). */
    private static final int MAX_RECORD = (1 << 14) + 256;

    /** Remaining bytes of the current record. */
    private int left;

    private int headerRead;
    private int length;
    private boolean strayed;

    /**
     * Starts at the first byte of the tunnel.
     *
     * @param first the length of the ClientHello's record, which is skipped
     */
    public RecordSkipper(int first) {
        left = first;
    }

    /** Advances the position to the first byte of a handshake record, or to the limit. */
    public void skip(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (strayed) {
                bytes.position(bytes.limit());
            } else if (left > 0) {
                int now = Math.min(left, bytes.remaining());
                bytes.position(bytes.position() + now);
                left -= now;
            } else if (headerRead == 0 && bytes.get(bytes.position()) == HANDSHAKE) {
                return;
            } else {
                inHeader(bytes.get() & 0xff);
            }
        }
    }

    /**
     * Whether the client sent a record of another type or one that is too long. A TLS 1.3 server must end the connection then
     * (RFC 8446, sections 5 and 5.2). All bytes after such a record are skipped, because they cannot be parsed.
     */
    public boolean hasStrayed() {
        return strayed;
    }

    private void inHeader(int octet) {
        headerRead++;
        if (headerRead == 1) {
            strayed = octet != CHANGE_CIPHER_SPEC && octet != ALERT && octet != APPLICATION_DATA;
        } else if (headerRead == RECORD_HEADER - 1) {
            length = octet << 8;
        } else if (headerRead == RECORD_HEADER) {
            left = length | octet;
            headerRead = 0;
            strayed = left > MAX_RECORD;
        }
    }
}
