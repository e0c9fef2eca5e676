package io.konnectproxy.server.tunnel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The end of one direction of a connection, told and heard the same way with and without TLS on it: a FIN, with TLS behind a
 * {@code close_notify} (RFC 8446, section 6.1). A FIN without one is an end as well: what is inside a tunnel has an
 * authenticated end of its own. On the channel's event loop.
 */
public final class HalfClose {
    private HalfClose() {}

    /**
     * Puts TLS in front of all handlers of a channel. What its peer still sends after its {@code close_notify} is discarded:
     * Netty's handler would keep all of it.
     */
    public static void addTls(Channel channel, SslHandler tls) {
        channel.pipeline().addFirst(tls);
        if (channel.config().getRecvByteBufAllocator() instanceof ReadSizes sizes) {
            sizes.beforeTls();
        }
        tls.sslCloseFuture().addListener(heard -> {
            if (heard.isSuccess() && channel.isActive()) {
                channel.pipeline().addFirst(new Deaf());
            }
        });
    }

    /** A handler that stands beside that of TLS, and stays as long. */
    public interface BesideTls extends ChannelHandler {}

    /** Whether a handler is that of TLS, or stands beside it. */
    public static boolean isOfTls(ChannelHandler handler) {
        return handler instanceof SslHandler || handler instanceof BesideTls;
    }

    /** What TLS complains of comes wrapped; it is a failure of the connection like any other. */
    static Throwable unwrapped(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() instanceof IOException ? cause.getCause() : cause;
    }

    /** Whether an event says that the peer will send nothing more; with TLS there may be two of them. */
    public static boolean isToldBy(Object event) {
        return event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess());
    }

    /**
     * Whether the peer takes nothing more either, once it has said its end: up to TLS 1.2 a {@code close_notify} ends both
     * directions (RFC 5246, section 7.2.1), and what is written then fails.
     */
    public static boolean endedBoth(Channel channel) {
        SslHandler tls = tls(channel);
        return tls != null
                && tls.sslCloseFuture().isSuccess()
                && !tls.engine().getSession().getProtocol().equals("TLSv1.3");
    }

    /**
     * Tells the peer that nothing more will come, behind everything that was written.
     *
     * @return done when that has left; fails where it cannot be told any more, and the channel should be closed
     */
    static ChannelFuture tell(Channel channel) {
        ChannelPromise told = channel.newPromise();
        // TLS would throw away what waits to be encrypted when it is told to close.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            SslHandler tls = tls(channel);
            if (!flushed.isSuccess()) {
                told.tryFailure(flushed.cause());
            } else if (tls == null) {
                shutDown(channel, told);
            } else {
                tls.closeOutbound().addListener(notified -> shutDownAfter(notified, channel, told));
            }
        });
        return told;
    }

    private static void shutDownAfter(Future<?> notified, Channel channel, ChannelPromise told) {
        if (notified.isSuccess()) {
            shutDown(channel, told);
        } else {
            told.tryFailure(notified.cause());
        }
    }

    private static void shutDown(Channel channel, ChannelPromise told) {
        ((SocketChannel) channel).shutdownOutput(told);
    }

    private static @Nullable SslHandler tls(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }

    /** Takes what comes and gives nothing of it on; that the peer closes or resets is still noticed. */
    private static final class Deaf extends ChannelInboundHandlerAdapter implements BesideTls {
        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext reading) {
            // The TLS handler would read on, whoever else wants to wait.
        }
    }
}
