package io.konnectproxy.server.admin;

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
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Locale;

/**
 * The small HTTP server for health probes. Stingy on purpose: few connections, short requests, little time, so that
 * whoever reaches it cannot hurt the tunnels.
 */
public final class AdminServer implements AutoCloseable {
    /** File descriptors that it takes at most: connections, the listener, and those closed for others in one turn of its loop. */
    public static final int DESCRIPTORS = AdminConnections.MOST + 16;

    /** Accepted at a time: then those that are there have their turn, before they could be closed for others. */
    private static final int ACCEPTED_AT_ONCE = 4;

    /** Of one connection at a time: then the others have their turn. */
    private static final int MAX_READ = 2048;

    private static final int MAX_LINE = 1024;
    private static final int MAX_HEADERS = 4096;
    private static final int MAX_BODY = 1024;
    private static final Duration REQUEST_TIME = Duration.ofSeconds(5);
    private static final Duration LIFE = Duration.ofMinutes(1);

    private final Channel listener;
    private final ChannelGroup open;

    private AdminServer(Channel listener, ChannelGroup open) {
        this.listener = listener;
        this.open = open;
    }

    /**
     * Listens. Not to be called on an event loop.
     *
     * @param loop NIO's, and nobody else's who must not wait
     * @throws IOException when the address cannot be had; the message is a sentence for the operator
     */
    public static AdminServer start(InetSocketAddress address, EventLoop loop, Readiness readiness) throws IOException {
        return start(address, loop, readiness, REQUEST_TIME, LIFE);
    }

    static AdminServer start(
            InetSocketAddress address, EventLoop loop, Readiness readiness, Duration requestTime, Duration life)
            throws IOException {
        ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        AdminConnections connections = new AdminConnections();
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
                                .addLast(new RequestDeadline(requestTime, life))
                                .addLast(new HttpObjectAggregator(MAX_BODY, true))
                                .addLast(new AdminHandler(readiness, connections));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("The admin address " + NetUtil.toSocketAddressString(address)
                    + " cannot be listened on: " + reason(bound.cause())
                    + ". Stop what uses it, or set admin.address.");
        }
        return new AdminServer(bound.channel(), open);
    }

    /** Without a family the JDK would open 0.0.0.0 for IPv6 too. */
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

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isEmpty()
                ? cause.getClass().getSimpleName()
                : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    /** Where it listens: the real port where 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops listening and cuts what is connected. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        open.close().awaitUninterruptibly();
    }
}
