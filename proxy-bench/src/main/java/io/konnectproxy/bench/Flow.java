package io.konnectproxy.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** Bytes without end, as fast as a channel takes them, from one piece of memory. */
final class Flow {
    private static final ByteBuf PIECE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(Sockets.MOST).writeZero(Sockets.MOST));

    private Flow() {}

    /** Fills the channel; to be called again when it can be written to again. */
    static void into(Channel channel) {
        while (channel.isActive() && channel.isWritable()) {
            channel.writeAndFlush(PIECE.duplicate(), channel.voidPromise());
        }
    }
}
