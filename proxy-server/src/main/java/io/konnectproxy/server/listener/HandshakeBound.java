package io.konnectproxy.server.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Limits what is read of a client until its TLS handshake is done to the most that a handshake can need. While the
 * computation waits for a thread, Netty's handler would read on and keep everything, so the client would decide how
 * much memory that takes.
 */
final class HandshakeBound extends ChannelDuplexHandler {
    /**
     * A handshake has at most two messages of 32 KiB, by the JDK's own limit; the smaller messages fit in beside them.
     */
    static final int ENOUGH = 64 * 1024;

    private int taken;
    /** A read was requested after the limit was reached. */
    private boolean waiting;

    /** Adds one in front of all handlers of a channel; it removes itself after the handshake. */
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
