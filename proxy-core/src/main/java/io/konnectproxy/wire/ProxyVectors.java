package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;

/**
 * The vectors of type, length and value at the end of a version 2 header (section 2.2.7 and the ones behind it). They must
 * fill the header exactly; none but the checksum means anything here.
 */
final class ProxyVectors {
    private static final int HEAD = 3;
    private static final int CHECKSUM = 0x03;
    private static final int CHECKSUM_LENGTH = 4;

    /** Octets of the header that are still to come. */
    private int left;

    /** How many octets of a vector's type and length were read. */
    private int headRead;

    private int type;
    /** Of the vector's value, what is still to come. */
    private int valueLeft;

    private boolean hasChecksum;
    private long checksum;

    ProxyVectors(int length) {
        this.left = length;
    }

    ProxyHeaderReading accept(int octet) {
        left--;
        if (headRead == HEAD) {
            if (type == CHECKSUM) {
                checksum = checksum << 8 | octet;
            }
            return advance(valueLeft - 1);
        }
        if (headRead == 0) {
            type = octet;
        } else {
            valueLeft = valueLeft << 8 | octet;
        }
        headRead++;
        return headRead < HEAD ? more() : atValue();
    }

    private ProxyHeaderReading more() {
        return left >= HEAD - headRead ? NEED_MORE : tooLong();
    }

    private ProxyHeaderReading atValue() {
        if (valueLeft > left) {
            return tooLong();
        }
        if (type == CHECKSUM) {
            if (hasChecksum || valueLeft != CHECKSUM_LENGTH) {
                return new ProxyHeaderFault("A PROXY header may have one checksum, of four bytes.");
            }
            hasChecksum = true;
        }
        return advance(valueLeft);
    }

    private ProxyHeaderReading advance(int rest) {
        valueLeft = rest;
        if (rest == 0) {
            headRead = 0;
        }
        return NEED_MORE;
    }

    private static ProxyHeaderFault tooLong() {
        return new ProxyHeaderFault("A vector in the PROXY header reaches beyond the header.");
    }

    /** Whether the next octet is one of the checksum's. */
    boolean atChecksum() {
        return headRead == HEAD && type == CHECKSUM;
    }

    /** Whether there is no checksum, or this one. */
    boolean allows(long sum) {
        return !hasChecksum || checksum == sum;
    }
}
