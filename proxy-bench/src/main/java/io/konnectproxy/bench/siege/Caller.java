package io.konnectproxy.bench.siege;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Says something as soon as it is connected, takes whatever comes, and stays until the other side goes. */
class Caller extends SimpleChannelInboundHandler<ByteBuf> {
    private final ByteBuf first;

    /**
     * @param first may be shared with others
     */
    Caller(ByteBuf first) {
        this.first = first;
    }

    /** Bytes that many connections send. */
    static ByteBuf shared(byte[] bytes) {
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory));
    }

    static ByteBuf shared(String text) {
        return shared(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        say(context, first);
    }

    static void say(ChannelHandlerContext context, ByteBuf bytes) {
        if (bytes.isReadable()) {
            context.writeAndFlush(bytes.duplicate(), context.voidPromise());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {}

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
