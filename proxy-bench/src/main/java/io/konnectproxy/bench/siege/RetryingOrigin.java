package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers each ClientHello with a HelloRetryRequest, and counts the second ones that name another tenant's host. */
final class RetryingOrigin implements AutoCloseable {
    static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.3", 443);

    /** A ServerHello with the random of RFC 8446, section 4.1.3, which asks for a share of secp256r1. */
    private static final ByteBuf RETRY = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(HexFormat.of()
            .parseHex("1603030038" + "02000034" + "0303"
                    + "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
                    + "00" + "1301" + "00" + "000c" + "002b00020304" + "003300020017")));

    private static final ByteBuf OTHER =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(Names.OTHER_TENANT, US_ASCII));

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("retrying"), NioIoHandler.newFactory());
    private final AtomicInteger deceived = new AtomicInteger();

    RetryingOrigin() {
        new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Retry());
                    }
                })
                .bind(ADDRESS)
                .syncUninterruptibly();
    }

    /** How many second hellos with another name than was permitted have come through since the last question. */
    int takeDeceived() {
        return deceived.getAndSet(0);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Retry extends SimpleChannelInboundHandler<ByteBuf> {
        private boolean asked;

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            if (!asked) {
                asked = true;
                context.writeAndFlush(RETRY.duplicate());
            } else if (ByteBufUtil.indexOf(OTHER.duplicate(), bytes) >= 0) {
                deceived.incrementAndGet();
                context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
