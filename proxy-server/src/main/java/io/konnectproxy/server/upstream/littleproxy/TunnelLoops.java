package io.konnectproxy.server.upstream.littleproxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;
import org.littleshoot.proxy.TransportProtocol;
import org.littleshoot.proxy.impl.ServerGroup;

/**
 * The threads that LittleProxy runs on, and the moment at which each of its channels is born: before a channel is
 * registered, {@code initChannel} puts our first handler in front of all of LittleProxy's. The first of them accepts as well:
 * a thread of its own would have to wake another one for each connection.
 */
public final class TunnelLoops extends ServerGroup {
    private final EventLoopGroup loops;

    public TunnelLoops(int threads, Consumer<Channel> onListenerBirth, Consumer<Channel> initChannel) {
        super("konnect-proxy", 0, 0, 0, false);
        this.loops = new BirthGroup(threads, onListenerBirth, initChannel);
    }

    public EventLoopGroup loops() {
        return loops;
    }

    @Override
    public EventLoopGroup getClientToProxyAcceptorPoolForTransport(TransportProtocol protocol) {
        return loops;
    }

    @Override
    public EventLoopGroup getClientToProxyWorkerPoolForTransport(TransportProtocol protocol) {
        return loops;
    }

    @Override
    public EventLoopGroup getProxyToServerWorkerPoolForTransport(TransportProtocol protocol) {
        return loops;
    }

    private static final class BirthGroup extends MultiThreadIoEventLoopGroup {
        private final Consumer<Channel> onListenerBirth;
        private final Consumer<Channel> initChannel;

        BirthGroup(int threads, Consumer<Channel> onListenerBirth, Consumer<Channel> initChannel) {
            super(threads, new DefaultThreadFactory("tunnel", true), NioIoHandler.newFactory());
            this.onListenerBirth = onListenerBirth;
            this.initChannel = initChannel;
        }

        /** All listeners share a loop; an upstream stays on its client's, which dials it; clients take turns. */
        @Override
        public ChannelFuture register(Channel channel) {
            if (channel instanceof ServerChannel) {
                onListenerBirth.accept(channel);
                return ((EventLoop) iterator().next()).register(channel);
            }
            initChannel.accept(channel);
            return LittleProxyServer.isAccepted(channel) ? super.register(channel) : own().register(channel);
        }

        /** The loop that this runs on; nobody else dials. */
        private EventLoop own() {
            for (EventExecutor loop : this) {
                if (loop.inEventLoop()) {
                    return (EventLoop) loop;
                }
            }
            throw new IllegalStateException("dialled from a strange thread");
        }
    }
}
