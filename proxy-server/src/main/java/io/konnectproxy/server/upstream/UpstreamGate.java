package io.konnectproxy.server.upstream;

import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HalfClose;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;

/**
 * The first handler of an upstream channel until the relay replaces it. It lets only a {@link PermittedAddress} be
 * dialled, and passes no byte in either direction. A {@link ParentGate} replaces it while a parent proxy is asked.
 */
public final class UpstreamGate extends ChannelDuplexHandler {
    @Override
    public void connect(
            ChannelHandlerContext connecting, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        if (!(remote instanceof PermittedAddress permitted)
                || permitted.dialling().over()) {
            promise.setFailure(new IllegalStateException("an address that no tunnel may dial"));
            return;
        }
        Dialling dialling = permitted.dialling();
        dialling.trying(connecting.channel());
        if (permitted.attempt() instanceof Attempt.Via via) {
            connecting
                    .pipeline()
                    .replace(this, ClientHandler.GATE, new ParentGate(dialling, via, promise, new UpstreamGate()));
        } else {
            dial(connecting, permitted, promise);
        }
    }

    private static void dial(ChannelHandlerContext connecting, PermittedAddress permitted, ChannelPromise promise) {
        Dialling dialling = permitted.dialling();
        dialling.dialled(permitted);
        connecting.channel().config().setConnectTimeoutMillis(dialling.directMillis());
        // LittleProxy listens to its promise already, but {@link Dialling} must know the result first.
        ChannelPromise attempt = connecting.newPromise();
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                dialling.connected(connecting.channel());
                promise.trySuccess();
            } else {
                dialling.attemptFailed(DialFailure.direct(done.cause()));
                promise.tryFailure(done.cause());
            }
        });
        connecting.connect(permitted, dialling.source(), attempt);
    }

    /** The relay is the first to read from an upstream, so bytes that arrive here are an error. */
    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        ReferenceCountUtil.release(message);
        reading.close();
    }

    /** With TLS the end may be noticed although nothing is read, and a relay would not get the event again. */
    @Override
    public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (HalfClose.isToldBy(event)) {
            triggered.close();
        }
    }

    /** LittleProxy flushes with empty buffers before it closes; it must not write to an upstream. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        caught.close();
    }
}
