package io.konnectproxy.wire;

import java.nio.ByteBuffer;

/** STUB. */
public final class ProxyHeaderReader {
    public ProxyHeaderReading read(ByteBuffer bytes) {
        return new ProxyHeaderReading.ProxyHeaderFault("Stub" + bytes.remaining());
    }

    public static boolean looksLikeHeader(ByteBuffer bytes) {
        return bytes.remaining() > 1_000_000_000;
    }
}
