package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.HeadReading.HeadFault;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Parses the head of a CONNECT request octet by octet, so that the result does not depend on the segmentation of the bytes. A
 * fault is reported with the octet that makes it certain, but a fault after CONNECT in the request line only at the end of the
 * line. One instance per connection; not thread-safe.
 */
public final class ConnectHeadReader {
    /** Maximum length of the request line or a header line, without its CR LF. */
    private static final int MAX_LINE = 8192;

    private final int limit;
    private final RequestLine requestLine = new RequestLine();
    private final HeaderFields fields = new HeaderFields(requestLine);
    private HeadReading reading = NEED_MORE;
    private int headLength;
    private int lineLength;

    /**
     * @param limit maximum number of bytes of the head, its last CR LF included
     */
    public ConnectHeadReader(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: " + limit);
        }
        this.limit = limit;
    }

    /**
     * Consumes bytes up to the end of the head. It consumes none after it, because those belong to the tunnel.
     *
     * @throws IllegalStateException if a head or a fault was already returned
     */
    public HeadReading read(ByteBuffer bytes) {
        requireUndecided();
        while (reading == NEED_MORE && bytes.hasRemaining()) {
            reading = accept(bytes.get() & 0xff);
        }
        return reading;
    }

    private HeadReading accept(int octet) {
        if (++headLength > limit) {
            return new HeadFault(
                    HeadFault.Kind.TOO_LARGE, "The request head has more than the " + limit + " bytes allowed.");
        }
        if (octet == Octet.LF) {
            lineLength = 0;
        } else if (octet != Octet.CR && ++lineLength > MAX_LINE) {
            return new HeadFault(
                    HeadFault.Kind.TOO_LARGE, "A line of the request head has more than " + MAX_LINE + " bytes.");
        }
        return requestLine.done() ? fields.accept(octet) : requestLine.accept(octet);
    }

    /**
     * Ends an incomplete head because the client has closed its output.
     *
     * @throws IllegalStateException if a head or a fault was already returned
     */
    public HeadReading end() {
        requireUndecided();
        reading = requestLine.fault() instanceof HeadFault pending
                ? pending
                : new HeadFault(
                        HeadFault.Kind.MALFORMED, "The request ended before the empty line that closes its head.");
        return reading;
    }

    private void requireUndecided() {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the head was already read: " + reading);
        }
    }

    /** Whether no byte was read yet. */
    public boolean untouched() {
        return headLength == 0;
    }

    /** The request target as far as it was read, for the audit line; empty if none was read. */
    public Optional<RequestTarget> asked() {
        return requestLine.asked();
    }
}
