package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.capacity.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes that a client sent before its tunnel was open. They are copied into one array of fitting size, so that
 * large read buffers are not retained, and are counted in the memory budget before they are kept.
 */
public final class HeldBytes {
    /** The amount at which reading from a client stops until its tunnel is open: the largest TLS record. */
    public static final int ENOUGH = 5 + (1 << 14);

    private static final int LEAST = 512;

    private final MemoryBudget.Share share;
    private byte[] bytes = {};
    private int size;

    public HeldBytes(MemoryBudget.Share share) {
        this.share = share;
    }

    /**
     * Adds all readable bytes of a buffer, and releases it.
     *
     * @return false where the memory budget has no room; then nothing of the buffer is kept
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
        // Growth by half bounds both the copying of bytes that arrive singly and the unused space.
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

    /** All bytes, not copied; valid until more are added. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size).asReadOnlyBuffer();
    }

    /** Hands over all bytes, and holds none afterwards. */
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
