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
 * The event loops of LittleProxy. Before a channel is registered, {@code initChannel} adds our first handler in front
 * of all of LittleProxy's. The first event loop also accepts: a separate acceptor thread would have to wake another
 * thread for each connection.
 */
public final class TunnelLoops extends ServerGroup {
    private final EventLoopGroup loops;

    public TunnelLoops(int threads, Consumer<Channel> initListener, Consumer<Channel> initChannel) {
        super("konnect-proxy", 0, 0, 0, false);
        this.loops = new InitializingGroup(threads, initListener, initChannel);
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

    private static final class InitializingGroup extends MultiThreadIoEventLoopGroup {
        private final Consumer<Channel> initListener;
        private final Consumer<Channel> initChannel;

        InitializingGroup(int threads, Consumer<Channel> initListener, Consumer<Channel> initChannel) {
            super(threads, new DefaultThreadFactory("tunnel", true), NioIoHandler.newFactory());
            this.initListener = initListener;
            this.initChannel = initChannel;
        }

        /**
         * All listeners share one loop. An upstream channel stays on the loop of its client, which dials it. Client
         * channels are spread over the loops in turn.
         */
        @Override
        public ChannelFuture register(Channel channel) {
            if (channel instanceof ServerChannel) {
                initListener.accept(channel);
                return ((EventLoop) iterator().next()).register(channel);
            }
            initChannel.accept(channel);
            return LittleProxyServer.isAccepted(channel) ? super.register(channel) : own().register(channel);
        }

        /** The loop of the current thread; upstreams are dialled on no other threads. */
        private EventLoop own() {
            for (EventExecutor loop : this) {
                if (loop.inEventLoop()) {
                    return (EventLoop) loop;
                }
            }
            throw new IllegalStateException("dialled from a thread that is no tunnel event loop");
        }
    }
}
