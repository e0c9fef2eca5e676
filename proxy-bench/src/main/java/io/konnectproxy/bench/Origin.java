package io.konnectproxy.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Stands in Konnect's place: port 443 of loopback, one thread. Skips the ClientHello, then does as ordered. */
public final class Origin implements AutoCloseable {
    public static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 443);

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("origin"), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
    private final AtomicLong taken = new AtomicLong();

    public Origin() throws IOException {
        try {
            new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, 4096)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Sockets.WATER_MARK)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            connections.add(channel);
                            channel.config().setRecvByteBufAllocator(Sockets.reads());
                            channel.pipeline().addLast(new Orders());
                        }
                    })
                    .bind(ADDRESS)
                    .syncUninterruptibly();
        } catch (Exception e) {
            close();
            throw new IOException(
                    "Cannot listen on 127.0.0.1:443, where Konnect's stand-in must be (" + e.getMessage()
                            + "). Run this as root, or let users listen there: sysctl net.ipv4.ip_unprivileged_port_start=443",
                    e);
        }
    }

    /** Bytes taken by order {@link Order#TAKE} so far. */
    long taken() {
        return taken.get();
    }

    /** Closes all connections: one that is not read from does not notice that the other side has. */
    public void closeAll() {
        connections.close().awaitUninterruptibly();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Orders extends ByteToMessageDecoder {
        private static final int RECORD_HEADER = 5;

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < RECORD_HEADER) {
                return;
            }
            int hello = RECORD_HEADER + in.getUnsignedShort(in.readerIndex() + 3);
            if (in.readableBytes() > hello) {
                in.skipBytes(hello);
                context.pipeline().addLast(handler(Order.read(in)));
                // What is behind the order goes on to the new handler.
                context.pipeline().remove(this);
            }
        }

        private ChannelInboundHandlerAdapter handler(Order order) {
            return switch (order) {
                case ECHO -> new Echo();
                case SEND -> new Send();
                case TAKE -> new Take();
                case IGNORE -> new Ignore();
            };
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static class Ordered extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class Echo extends Ordered {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.write(bytes, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private static final class Send extends Ordered {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Flow.into(context.channel());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            Flow.into(context.channel());
        }
    }

    /** What was read in one piece with the order is dropped. */
    private static final class Ignore extends Ordered {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(false);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }
    }

    private final class Take extends Ordered {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]), context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            taken.addAndGet(bytes.readableBytes());
            bytes.release();
        }
    }
}
