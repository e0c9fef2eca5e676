package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.capacity.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a client sent before its tunnel was open, in order: in one array that fits it, whatever the buffers were like that it
 * came in, and counted before it is kept.
 */
public final class HeldBytes {
    /** Beyond this a client that sends early is not read from until its tunnel is open: a TLS record of the largest size. */
    public static final int ENOUGH = 5 + (1 << 14);

    private static final int LEAST = 512;

    private final MemoryBudget.Share share;
    private byte[] bytes = {};
    private int size;

    public HeldBytes(MemoryBudget.Share share) {
        this.share = share;
    }

    /**
     * Takes all that can be read of a buffer, and releases it.
     *
     * @return false where there is no memory for it: nothing of it is kept then
     */
    public boolean add(ByteBuf more) {
        try {
            int length = more.readableBytes();
            if (!reserve(length)) {
                return false;
            }
            more.readBytes(bytes, size, length);
            size += length;
            return true;
        } finally {
            more.release();
        }
    }

    private boolean reserve(int more) {
        int needed = size + more;
        if (needed <= bytes.length) {
            return true;
        }
        // Single bytes shall not be copied again with each that comes; half as much again bounds both copies and waste.
        int capacity = bytes.length == 0 ? Math.max(needed, LEAST) : Math.max(needed, bytes.length + bytes.length / 2);
        if (!share.hold(capacity - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    public int size() {
        return size;
    }

    /** All of it, not copied: good until more comes. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
    }

    /** Gives all of it away, and holds nothing any more. */
    ByteBuf takeAll() {
        ByteBuf all = Unpooled.wrappedBuffer(bytes, 0, size);
        discard();
        return all;
    }

    public void discard() {
        share.release(bytes.length);
        bytes = new byte[0];
        size = 0;
    }
}
