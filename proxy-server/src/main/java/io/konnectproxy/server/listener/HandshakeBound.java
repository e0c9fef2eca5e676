package io.konnectproxy.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Stands in front of a client's TLS until the handshake is done, and reads no more than one can have. Netty's handler would
 * read on and keep all that comes while the arithmetic waits for its turn: a client decided how much that is.
 */
final class HandshakeBound extends ChannelDuplexHandler {
    /** A handshake has at most two messages of 32 KiB, by the JDK's own limit; the smaller ones fit in with them. */
    static final int ENOUGH = 64 * 1024;

    private int taken;
    /** Somebody wanted to read when enough had come. */
    private boolean waiting;

    /** Puts one in front of all handlers of a channel; it leaves by itself. */
    static void add(Channel channel, SslHandler tls) {
        HandshakeBound bound = new HandshakeBound();
        channel.pipeline().addFirst(bound);
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess() && channel.isActive()) {
                bound.leave(channel);
            }
        });
    }

    private void leave(Channel channel) {
        channel.pipeline().remove(this);
        if (waiting) {
            channel.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        taken += ((ByteBuf) message).readableBytes();
        context.fireChannelRead(message);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (taken < ENOUGH) {
            context.read();
        } else {
            waiting = true;
        }
    }
}
