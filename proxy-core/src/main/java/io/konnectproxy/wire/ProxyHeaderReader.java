package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Reads what a load balancer says of its client before the client's own bytes: a header of the PROXY protocol (HAProxy's
 * specification of that name), version 1 or 2, for TCP over IPv4 or IPv6. Whatever the specification lets a receiver take or
 * leave is left. Every octet is judged as it comes, so that the result does not depend on how the bytes were cut. One
 * instance a connection; not thread-safe.
 */
public final class ProxyHeaderReader {
    /** As many octets of either form as no other protocol begins with. */
    private static final int TELLING = 6;

    private IntFunction<ProxyHeaderReading> form = this::first;
    private ProxyHeaderReading reading = NEED_MORE;
    private boolean untouched = true;

    /**
     * Whether a connection that begins so begins with a header, for whoever expects none. Says no where fewer bytes are
     * there than it takes to tell; takes none of them.
     */
    public static boolean looksLikeHeader(ByteBuffer beginning) {
        byte[] octets = new byte[Math.min(TELLING, beginning.remaining())];
        beginning.duplicate().get(octets);
        return Arrays.equals(octets, beginning(ProxyLine.BEGINNING))
                || Arrays.equals(octets, beginning(ProxyBlock.SIGNATURE));
    }

    private static byte[] beginning(String form) {
        return form.substring(0, TELLING).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Consumes bytes up to the end of the header, and not one behind it: those are the client's.
     *
     * @throws IllegalStateException after a header or a fault
     */
    public ProxyHeaderReading read(ByteBuffer bytes) {
        requireUndecided();
        while (reading == NEED_MORE && bytes.hasRemaining()) {
            untouched = false;
            reading = form.apply(bytes.get() & 0xff);
        }
        return reading;
    }

    private ProxyHeaderReading first(int octet) {
        if (octet == ProxyLine.BEGINNING.charAt(0)) {
            form = new ProxyLine()::accept;
        } else if (octet == ProxyBlock.SIGNATURE.charAt(0)) {
            form = new ProxyBlock()::accept;
        } else {
            return new ProxyHeaderFault(
                    "The connection must begin with a PROXY header of version 1 or 2, and does not.");
        }
        return form.apply(octet);
    }

    /**
     * The peer will send nothing more, and the header is not complete.
     *
     * @throws IllegalStateException after a header or a fault
     */
    public ProxyHeaderReading end() {
        requireUndecided();
        reading = new ProxyHeaderFault("The connection ended before its PROXY header was complete.");
        return reading;
    }

    private void requireUndecided() {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the header was decided: " + reading);
        }
    }

    /** Whether not a single byte was read. */
    public boolean untouched() {
        return untouched;
    }
}
