package io.konnectproxy.server.soak;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;

/** A stand-in upstream for thousands of connections: skips the ClientHello, then does as the client orders. One thread. */
public final class EchoOrigin implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ServerSocketChannel listener = ServerSocketChannel.open();

    public EchoOrigin() throws IOException {
        new ServerBootstrap()
                .group(loop)
                .channelFactory(() -> new NioServerSocketChannel(listener))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(new EchoHandler());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0))
                .syncUninterruptibly();
    }

    /** The listener, for its port. */
    public ServerSocket socket() {
        return listener.socket();
    }

    /** Upstream connections at this moment. */
    public int connections() {
        return connections.size();
    }

    /** Resets all connections at once. */
    public void resetAll() {
        connections.forEach(Resets::reset);
    }

    @Override
    public void close() {
        connections.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
