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
        boolean goesOn = true;
        while (goesOn && channel.isActive() && channel.isWritable()) {
            // TLS that is closed takes nothing more, though its channel still does.
            goesOn = channel.writeAndFlush(PIECE.duplicate()).cause() == null;
        }
    }
}
