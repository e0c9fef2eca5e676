package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** CONNECT as Kong sends it, the reply, a ClientHello; then it makes place for the {@link Use}. */
final class Opening extends ByteToMessageDecoder {
    private static final ByteBuf END = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final Route route;
    private final Use use;
    private long asked;

    Opening(Route route, Use use) {
        this.route = route;
        this.use = use;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        asked = System.nanoTime();
        if (route.connect().isReadable()) {
            context.writeAndFlush(route.connect().duplicate(), context.voidPromise());
        } else {
            open(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int end = ByteBufUtil.indexOf(END, in);
        if (end < 0) {
            return;
        }
        String head = in.readCharSequence(end + END.readableBytes(), US_ASCII).toString();
        if (head.startsWith("200", STATUS_AT)) {
            open(context);
        } else {
            use.failed("got '" + head.lines().findFirst().orElse("") + "'");
            context.close();
        }
    }

    private void open(ChannelHandlerContext context) {
        use.permitted(System.nanoTime() - asked);
        ByteBuf first = context.alloc().buffer();
        first.writeBytes(route.hello().duplicate());
        use.begin(first);
        context.writeAndFlush(first, context.voidPromise());
        context.pipeline().replace(this, null, use);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        use.failed("the connection was closed instead of an answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        use.failed(String.valueOf(cause.getMessage()));
        context.close();
    }
}
