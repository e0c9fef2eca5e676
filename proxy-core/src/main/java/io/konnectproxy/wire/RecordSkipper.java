package io.konnectproxy.wire;

import java.nio.ByteBuffer;

/**
 * Follows the records (RFC 8446, section 5.1) that a client sends after its ClientHello, up to the first handshake record. A
 * change_cipher_spec, an alert and early data may stand before that one; no handshake message is ever in them. One instance a
 * tunnel; not thread-safe.
 */
public final class RecordSkipper {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int RECORD_HEADER = 5;
    /** Of a record that is encrypted, as early data is (RFC 8446, section 5.2). */
    private static final int MAX_RECORD = (1 << 14) + 256;

    /** Bytes of the record that are still to come. */
    private int left;

    private int headerRead;
    private int length;
    private boolean strayed;

    /**
     * Begins at the first byte of the tunnel.
     *
     * @param first bytes that are skipped whatever they are: the record of the ClientHello
     */
    public RecordSkipper(int first) {
        left = first;
    }

    /** Moves the position to the first byte of a handshake record, or to the limit. */
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
     * Whether something came at which a server must end TLS 1.3: a record of another type, or one that is too long (RFC 8446,
     * sections 5 and 5.2). From there on nothing can be said of the bytes, and all are skipped.
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
