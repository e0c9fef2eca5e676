package io.konnectproxy.server.tunnel;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Sends and recognises the end of one direction of a connection, with and without TLS: a FIN, with TLS after a {@code
 * close_notify} (RFC 8446, section 6.1). A FIN without {@code close_notify} is accepted as an end as well: the protocol
 * inside a tunnel has an authenticated end of its own. Runs on the channel's event loop.
 */
public final class HalfClose {
    private HalfClose() {}

    /**
     * Adds TLS in front of all handlers of a channel. What the peer sends after its {@code close_notify} is discarded,
     * because Netty's handler would keep all of it.
     */
    public static void addTls(Channel channel, SslHandler tls) {
        channel.pipeline().addFirst(tls);
        if (channel.config().getRecvByteBufAllocator() instanceof ReadSizes sizes) {
            sizes.beforeTls();
        }
        tls.sslCloseFuture().addListener(heard -> {
            if (heard.isSuccess() && channel.isActive()) {
                channel.pipeline().addFirst(new DiscardingHandler());
            }
        });
    }

    /** A handler that belongs to the TLS handler, and stays in the pipeline as long as that one. */
    public interface BesideTls extends ChannelHandler {}

    /** Whether this is the TLS handler or belongs to it. */
    public static boolean isOfTls(ChannelHandler handler) {
        return handler instanceof SslHandler || handler instanceof BesideTls;
    }

    /** The TLS handler wraps its exceptions; they are handled as any other failure of the connection. */
    static Throwable unwrapped(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() instanceof IOException ? cause.getCause() : cause;
    }

    /** Whether an event means that the peer will send nothing more; with TLS there may be two such events. */
    public static boolean isToldBy(Object event) {
        return event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess());
    }

    /**
     * Whether the peer's end closed both directions: up to TLS 1.2 a {@code close_notify} does (RFC 5246, section
     * 7.2.1), and later writes fail.
     */
    public static boolean endedBoth(Channel channel) {
        SslHandler tls = tls(channel);
        return tls != null
                && tls.sslCloseFuture().isSuccess()
                && !tls.engine().getSession().getProtocol().equals("TLSv1.3");
    }

    /**
     * Tells the peer that nothing more will come, after everything that was written.
     *
     * @return completes when that is sent; fails where it cannot be sent any more, and then the channel should be
     * closed
     */
    static ChannelFuture tell(Channel channel) {
        ChannelPromise told = channel.newPromise();
        // On a close the TLS handler would drop what still waits to be encrypted, so that is flushed first.
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

    /**
     * Everything was flushed, and nothing is written afterwards, so only the socket needs to know. Netty's own method makes
     * an exception for what waits to be written, also where nothing does; its stack trace took 2 % of the CPU for a tunnel.
     */
    private static void shutDown(Channel channel, ChannelPromise told) {
        SocketChannel socket = (SocketChannel) ((NioUnsafe) channel.unsafe()).ch();
        try {
            socket.shutdownOutput();
            told.trySuccess();
        } catch (IOException e) {
            told.tryFailure(e);
        }
    }

    private static @Nullable SslHandler tls(Channel channel) {
        return channel.pipeline().get(SslHandler.class);
    }

    /** Discards what the peer sends; its close or reset is still noticed. */
    private static final class DiscardingHandler extends ChannelInboundHandlerAdapter implements BesideTls {
        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext reading) {
            // Not passed on: the TLS handler would read on even where another handler has stopped reading.
        }
    }
}
