package io.konnectproxy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All data planes, on one thread. */
final class Client implements AutoCloseable {
    /** What has not happened by then never will. */
    private static final int PATIENCE_SECONDS = 60;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("client"), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ChannelGroup tunnels = new DefaultChannelGroup(loop);

    /** The one thread. */
    EventLoop loop() {
        return loop;
    }

    /** Begins a tunnel; what becomes of it, the use tells. */
    void open(Route route, Use use) {
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Sockets.WATER_MARK)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.config().setRecvByteBufAllocator(Sockets.reads());
                        route.tls().ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
                        channel.pipeline().addLast(new Opening(route, use));
                        tunnels.add(channel);
                    }
                })
                .connect(route.address())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        use.failed(connected.cause().getMessage());
                    }
                });
    }

    /**
     * Waits until all has happened.
     *
     * @throws IOException if one of them failed, or did not happen in time
     */
    static void await(List<? extends CompletableFuture<?>> all) throws IOException, InterruptedException {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("not done within " + PATIENCE_SECONDS + " s", e);
        }
    }

    /** Closes all tunnels and waits until they are gone: below TLS, which would first send what waits. */
    void closeAll() {
        tunnels.forEach(channel -> channel.pipeline().firstContext().close());
        tunnels.newCloseFuture().awaitUninterruptibly();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
