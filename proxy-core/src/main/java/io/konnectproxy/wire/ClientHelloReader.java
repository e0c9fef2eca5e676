package io.konnectproxy.wire;

import java.nio.ByteBuffer;

/** Reads the ClientHello at the beginning of a TLS stream. One instance a tunnel; not thread-safe. */
public final class ClientHelloReader {
    public HelloReading read(ByteBuffer bytes) {
        return HelloReading.NeedMore.NEED_MORE;
    }
}
