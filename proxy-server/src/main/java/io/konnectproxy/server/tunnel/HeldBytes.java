package io.konnectproxy.server.tunnel;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What a client sent before its tunnel was open, in order. */
final class HeldBytes {
    /** Beyond this a client that sends early is not read from until its tunnel is open. */
    static final int ENOUGH = 32 * 1024;

    private final Deque<ByteBuf> buffers = new ArrayDeque<>();
    private int size;

    HeldBytes(ByteBuf first) {
        add(first);
    }

    /** Takes ownership. */
    void add(ByteBuf bytes) {
        size += bytes.readableBytes();
        ByteBuf last = buffers.peekLast();
        if (last != null && last.writableBytes() >= bytes.readableBytes()) {
            // A client that sends single bytes shall not cost a buffer each.
            last.writeBytes(bytes);
            bytes.release();
        } else if (bytes.isReadable()) {
            buffers.add(bytes);
        } else {
            bytes.release();
        }
    }

    int size() {
        return size;
    }

    /** All that is held, to be looked at. */
    ByteBuffer[] content() {
        return buffers.stream().map(ByteBuf::nioBuffer).toArray(ByteBuffer[]::new);
    }

    /** Gives up ownership: holds nothing any more. */
    List<ByteBuf> takeAll() {
        List<ByteBuf> all = List.copyOf(buffers);
        buffers.clear();
        size = 0;
        return all;
    }

    void discard() {
        for (ByteBuf bytes = buffers.poll(); bytes != null; bytes = buffers.poll()) {
            bytes.release();
        }
        size = 0;
    }
}
