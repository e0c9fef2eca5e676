package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;

/**
 * Parses the TLVs at the end of a version 2 header (section 2.2 and its subsections). They must fill the header exactly. Only the
 * checksum is interpreted.
 */
final class ProxyVectors {
    private static final int HEAD = 3;
    private static final int CHECKSUM = 0x03;
    private static final int CHECKSUM_LENGTH = 4;

    /** Remaining octets of the header. */
    private int left;

    /** Number of octets read of the current TLV's type and length. */
    private int headRead;

    private int type;
    /** Remaining octets of the current TLV's value. */
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

    /** Whether the next octet belongs to the checksum. */
    boolean atChecksum() {
        return headRead == HEAD && type == CHECKSUM;
    }

    /** Whether the header has no checksum, or this one. */
    boolean allows(long sum) {
        return !hasChecksum || checksum == sum;
    }
}
