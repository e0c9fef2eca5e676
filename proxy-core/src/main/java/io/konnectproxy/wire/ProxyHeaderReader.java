package io.konnectproxy.wire;

import static io.konnectproxy.wire.ProxyHeaderReading.NeedMore.NEED_MORE;

import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Parses the header of the PROXY protocol (HAProxy's specification of that name) that a load balancer sends before the bytes
 * of its client: version 1 or 2, for TCP over IPv4 or IPv6. Forms that the specification lets a receiver reject are rejected.
 * The header is parsed octet by octet, so that the result does not depend on the segmentation of the bytes. One instance per
 * connection; not thread-safe.
 */
public final class ProxyHeaderReader {
    /** Length of a prefix of either version with which no other protocol begins. */
    private static final int DISTINCTIVE = 6;

    private IntFunction<ProxyHeaderReading> form = this::first;
    private ProxyHeaderReading reading = NEED_MORE;
    private boolean untouched = true;

    /**
     * Whether the first bytes of a connection are those of a header, for listeners that expect none. Returns false if there
     * are too few bytes to decide. Consumes nothing.
     */
    public static boolean looksLikeHeader(ByteBuffer beginning) {
        byte[] octets = new byte[Math.min(DISTINCTIVE, beginning.remaining())];
        beginning.duplicate().get(octets);
        return Arrays.equals(octets, beginning(ProxyLine.BEGINNING))
                || Arrays.equals(octets, beginning(ProxyBlock.SIGNATURE));
    }

    private static byte[] beginning(String form) {
        return form.substring(0, DISTINCTIVE).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Consumes bytes up to the end of the header. It consumes none after it, because those are the client's.
     *
     * @throws IllegalStateException if a header or a fault was already returned
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
     * Ends an incomplete header because the peer has closed its output.
     *
     * @throws IllegalStateException if a header or a fault was already returned
     */
    public ProxyHeaderReading end() {
        requireUndecided();
        reading = new ProxyHeaderFault("The connection ended before its PROXY header was complete.");
        return reading;
    }

    private void requireUndecided() {
        if (reading != NEED_MORE) {
            throw new IllegalStateException("the header was already read: " + reading);
        }
    }

    /** Whether no byte was read yet. */
    public boolean untouched() {
        return untouched;
    }
}
