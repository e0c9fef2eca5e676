package io.konnectproxy.wire;

import java.nio.ByteBuffer;

/** Reads the head of a CONNECT request. One instance a connection; not thread-safe. */
public final class ConnectHeadReader {
    public ConnectHeadReader(int limit) {}

    public HeadReading read(ByteBuffer bytes) {
        return HeadReading.NeedMore.NEED_MORE;
    }

    public HeadReading end() {
        return HeadReading.NeedMore.NEED_MORE;
    }

    public boolean untouched() {
        return false;
    }

    public byte[] asked() {
        return new byte[0];
    }
}
