package io.konnectproxy.server.tunnel;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The first handler of an upstream channel until the relay takes its place: lets only a {@link PermittedAddress} be dialled,
 * and no byte through in either direction.
 */
final class UpstreamGate extends ChannelDuplexHandler {
    @Override
    public void connect(
            ChannelHandlerContext connecting, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        if (!(remote instanceof PermittedAddress permitted)
                || permitted.tunnel().ended()) {
            promise.setFailure(new IllegalStateException("an address that no tunnel may dial"));
            return;
        }
        Tunnel tunnel = permitted.tunnel();
        tunnel.dialled((InetSocketAddress) remote);
        connecting.channel().config().setConnectTimeoutMillis(tunnel.attemptMillis());
        // LittleProxy listens at its promise already; the tunnel must know first how the attempt went.
        ChannelPromise attempt = connecting.newPromise();
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                tunnel.connected(connecting.channel());
                promise.trySuccess();
            } else {
                tunnel.attemptFailed(done.cause());
                promise.tryFailure(done.cause());
            }
        });
        connecting.connect(remote, local, attempt);
    }

    /** Nothing is read before the relay reads it. */
    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        ReferenceCountUtil.release(message);
        reading.close();
    }

    /** LittleProxy flushes with empty buffers before it closes; it has nothing to say to an upstream. */
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
