package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;
import org.littleshoot.proxy.TransportProtocol;
import org.littleshoot.proxy.impl.ServerGroup;

/**
 * The threads that LittleProxy runs on, and the moment at which each of its channels is born: before a channel is
 * registered, {@code onBirth} puts our first handler in front of all of LittleProxy's.
 */
final class TunnelLoops extends ServerGroup {
    private final EventLoopGroup acceptors;
    private final EventLoopGroup workers;

    TunnelLoops(int threads, Consumer<Channel> onListenerBirth, Consumer<Channel> onBirth) {
        super("konnect-proxy", 0, 0, 0, false);
        this.acceptors = new BirthGroup(1, "accept", onListenerBirth);
        this.workers = new BirthGroup(threads, "tunnel", onBirth);
    }

    EventLoopGroup acceptors() {
        return acceptors;
    }

    EventLoopGroup workers() {
        return workers;
    }

    @Override
    public EventLoopGroup getClientToProxyAcceptorPoolForTransport(TransportProtocol protocol) {
        return acceptors;
    }

    @Override
    public EventLoopGroup getClientToProxyWorkerPoolForTransport(TransportProtocol protocol) {
        return workers;
    }

    @Override
    public EventLoopGroup getProxyToServerWorkerPoolForTransport(TransportProtocol protocol) {
        return workers;
    }

    private static final class BirthGroup extends MultiThreadIoEventLoopGroup {
        private final Consumer<Channel> onBirth;

        BirthGroup(int threads, String name, Consumer<Channel> onBirth) {
            super(threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
            this.onBirth = onBirth;
        }

        /** A channel that is made on one of these loops, as an upstream is on its client's, stays on that loop. */
        @Override
        public ChannelFuture register(Channel channel) {
            onBirth.accept(channel);
            for (EventExecutor loop : this) {
                if (loop.inEventLoop()) {
                    return ((EventLoop) loop).register(channel);
                }
            }
            return super.register(channel);
        }
    }
}
