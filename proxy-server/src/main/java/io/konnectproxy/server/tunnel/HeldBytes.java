package io.konnectproxy.server.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

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

    Iterable<ByteBuf> buffers() {
        return buffers;
    }

    /** Lets all go on to the upstream, and holds nothing any more. */
    void releaseTo(Channel upstream) {
        for (ByteBuf bytes = buffers.poll(); bytes != null; bytes = buffers.poll()) {
            upstream.write(bytes, upstream.voidPromise());
        }
        upstream.flush();
        size = 0;
    }

    void discard() {
        for (ByteBuf bytes = buffers.poll(); bytes != null; bytes = buffers.poll()) {
            bytes.release();
        }
        size = 0;
    }
}
