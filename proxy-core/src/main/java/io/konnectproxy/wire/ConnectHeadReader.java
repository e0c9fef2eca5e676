package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.HeadReading.HeadFault;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the head of a CONNECT request. Every octet is judged as it comes, so that the result does not depend on how the
 * bytes were cut, and a fault is told with the octet that makes it certain; one of the request line behind CONNECT with the
 * line's end. One instance a connection; not thread-safe.
 */
public final class ConnectHeadReader {
    /** The longest request line or header line, without its CR LF. */
    private static final int MAX_LINE = 8192;

    private final int limit;
    private final RequestLine requestLine = new RequestLine();
    private final HeaderFields fields = new HeaderFields(requestLine);
    private HeadReading reading = NEED_MORE;
    private int headLength;
    private int lineLength;

    /**
     * @param limit how many bytes the head may have in all, its last CR LF included
     */
    public ConnectHeadReader(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        this.limit = limit;
    }

    /**
     * Consumes bytes up to the end of the head, and not one behind it: those belong to the tunnel.
     *
     * @throws IllegalStateException after a head or a fault
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
     * The client will send nothing more, and the head is not complete.
     *
     * @throws IllegalStateException after a head or a fault
     */
    public HeadReading end() {
        requireUndecided();
        reading = requestLine.fault() instanceof HeadFault told
                ? told
                : new HeadFault(
                        HeadFault.Kind.MALFORMED, "The request ended before the empty line that closes its head.");
        return reading;
    }

    private void requireUndecided() {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the head was decided: " + reading);
        }
    }

    /** Whether not a single byte was read. */
    public boolean untouched() {
        return headLength == 0;
    }

    /** The request target as far as read, for the audit line; empty where the client never got as far as one. */
    public Optional<RequestTarget> asked() {
        return requestLine.asked();
    }
}
