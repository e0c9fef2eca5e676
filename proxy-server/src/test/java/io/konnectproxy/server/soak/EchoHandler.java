package io.konnectproxy.server.soak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One connection of {@link EchoOrigin}: a TLS record, an order, then what was ordered. */
final class EchoHandler extends ByteToMessageDecoder {
    private static final int RECORD_HEADER = 5;

    private boolean helloSkipped;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!helloSkipped) {
            if (in.readableBytes() < RECORD_HEADER
                    || in.readableBytes() < RECORD_HEADER + in.getUnsignedShort(in.readerIndex() + 3)) {
                return;
            }
            in.skipBytes(RECORD_HEADER + in.getUnsignedShort(in.readerIndex() + 3));
            helloSkipped = true;
        }
        if (in.readableBytes() >= Order.LENGTH) {
            Order order = Order.of(in.readByte());
            context.pipeline().addLast(new Ordered(context.channel(), order, in.readInt()));
            // What is behind the order goes on to the new handler.
            context.pipeline().remove(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private static final class Ordered extends ChannelInboundHandlerAdapter {
        private static final int SLOW_BYTES = 16 * 1024;

        private final Order order;
        private final int size;
        private int echoed;
        private boolean finished;

        Ordered(Channel channel, Order order, int size) {
            this.order = order;
            this.size = size;
            if (order == Order.ECHO_SLOWLY) {
                channel.config()
                        .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(SLOW_BYTES).maxMessagesPerRead(1));
                channel.config().setAutoRead(false);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (finished) {
                bytes.release();
                return;
            }
            echoed += bytes.readableBytes();
            context.write(bytes, context.voidPromise());
            if (order == Order.RESET && echoed >= size) {
                Resets.reset(context.channel());
            } else if (order == Order.FINISH && echoed >= size) {
                finished = true;
                finish(context);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
            readOn(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            readOn(context);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            readOn(context);
        }

        /** With back-pressure, or the memory that is measured would be this one's. */
        private void readOn(ChannelHandlerContext context) {
            Channel channel = context.channel();
            if (order != Order.ECHO_SLOWLY) {
                channel.config().setAutoRead(channel.isWritable());
            } else if (channel.isWritable()) {
                channel.eventLoop().schedule(channel::read, 1, TimeUnit.MILLISECONDS);
            }
        }

        private static void finish(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(flushed -> ((SocketChannel) context.channel()).shutdownOutput());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
