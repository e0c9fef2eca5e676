package io.konnectproxy.server.admin;

import io.konnectproxy.server.socket.BindFailure;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;

/**
 * The small HTTP server for health probes, metrics and the live page. Its limits are tight by design, few connections, short requests and short
 * deadlines, so that its clients cannot affect the tunnels.
 */
public final class AdminServer implements AutoCloseable {
    /**
     * The most file descriptors that it takes: connections, viewers, the listener, and connections that are closed for others in one
     * turn of the event loop.
     */
    public static final int DESCRIPTORS = AdminConnections.MOST + Viewers.MOST + 16;

    /**
     * Connections accepted in one turn of the event loop: existing ones are served before they could be closed for new
     * ones.
     */
    private static final int ACCEPTED_AT_ONCE = 4;

    /** Bytes read from one connection before the others have their turn. */
    private static final int MAX_READ = 2048;

    private static final int MAX_LINE = 1024;
    private static final int MAX_HEADERS = 4096;
    private static final int MAX_BODY = 1024;

    private final Channel listener;
    private final ChannelGroup open;
    private final Scrapes scrapes;
    private final LivePages pages;

    private AdminServer(Channel listener, ChannelGroup open, Scrapes scrapes, LivePages pages) {
        this.listener = listener;
        this.open = open;
        this.scrapes = scrapes;
        this.pages = pages;
    }

    /**
     * Binds and listens. Not to be called on an event loop.
     *
     * @param loop a NIO event loop that nothing latency-critical shares
     * @throws IOException if the address cannot be bound; the message is a sentence for the operator
     */
    public static AdminServer start(
            InetSocketAddress address, EventLoop loop, Readiness readiness, MetricsSource metrics, LivePage page)
            throws IOException {
        return start(address, loop, readiness, metrics, page, AdminTimes.USUAL);
    }

    static AdminServer start(
            InetSocketAddress address,
            EventLoop loop,
            Readiness readiness,
            MetricsSource metrics,
            LivePage page,
            AdminTimes times)
            throws IOException {
        Scrapes scrapes = new Scrapes(metrics, loop);
        ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        AdminConnections connections = new AdminConnections();
        LivePages pages = new LivePages(page, connections, loop, times.watching());
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channelFactory(() -> new NioServerSocketChannel(SelectorProvider.provider(), family(address)))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(ACCEPTED_AT_ONCE))
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_READ).maxMessagesPerRead(1))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(8 * 1024, 16 * 1024))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open.add(channel);
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(codec())
                                .addLast(new RequestDeadline(times.request(), times.life()))
                                .addLast(new HttpObjectAggregator(MAX_BODY, true))
                                .addLast(new AdminHandler(readiness, scrapes, connections, pages));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BindFailure("The admin address", address, "admin.address", bound.cause());
        }
        return new AdminServer(bound.channel(), open, scrapes, pages);
    }

    /** Without a family the JDK would bind 0.0.0.0 for IPv6 too. */
    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    private static HttpServerCodec codec() {
        return new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_BODY)
                .setInitialBufferSize(128));
    }

    /** The bound address, with the real port if 0 was configured. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        open.close().awaitUninterruptibly();
        scrapes.close();
        pages.close();
    }
}
