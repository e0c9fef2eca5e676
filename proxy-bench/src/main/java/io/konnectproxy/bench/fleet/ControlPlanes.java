package io.konnectproxy.bench.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stands in Konnect's place, behind a parent proxy that opens every tunnel, so that nothing needs port 443: answers a ClientHello
 * with a ServerHello, and sends back what comes after it. On one thread.
 */
final class ControlPlanes implements AutoCloseable {
    /** A ServerHello of TLS 1.3 with a share of secp256r1, which nobody computes with. */
    static final ByteBuf SERVER_HELLO = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(HexFormat.of()
            .parseHex("160303007b" + "02000077" + "0303" + "5a".repeat(32) + "00" + "1301" + "00" + "004f"
                    + "002b00020304" + "003300450017004104" + "3c".repeat(64))));

    private static final ByteBuf HEAD_END = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));
    private static final ByteBuf OPEN =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\n", US_ASCII));
    private static final int RECORD_HEADER = 5;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("control-planes"), NioIoHandler.newFactory());
    private final InetSocketAddress address;

    ControlPlanes(InetSocketAddress any) {
        Channel listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Opening());
                    }
                })
                .bind(any)
                .syncUninterruptibly()
                .channel();
        this.address = (InetSocketAddress) listening.localAddress();
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The parent's part, then Konnect's first word. */
    private static final class Opening extends ByteToMessageDecoder {
        private boolean open;

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (!open) {
                int end = ByteBufUtil.indexOf(HEAD_END, in);
                if (end >= 0) {
                    open = true;
                    in.skipBytes(end - in.readerIndex() + HEAD_END.readableBytes());
                    context.writeAndFlush(OPEN.duplicate(), context.voidPromise());
                }
            } else if (in.readableBytes() >= RECORD_HEADER
                    && in.readableBytes() >= RECORD_HEADER + in.getUnsignedShort(in.readerIndex() + 3)) {
                in.skipBytes(RECORD_HEADER + in.getUnsignedShort(in.readerIndex() + 3));
                context.writeAndFlush(SERVER_HELLO.duplicate(), context.voidPromise());
                context.pipeline().replace(this, null, new Echo());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.writeAndFlush(bytes, context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
