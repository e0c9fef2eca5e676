package io.konnectproxy.server.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * A request head as Netty's decoder reads it, taken out of the pipeline behind the request as a CONNECT proxy does.
 *
 * @param state how far it came; the rest says something only after {@link State#READ}
 * @param leftOver what stands behind the head, a character a byte
 */
record NettyHead(State state, String method, String uri, HttpHeaders headers, String leftOver) {
    enum State {
        INCOMPLETE,
        FAILED,
        READ
    }

    private static final NettyHead INCOMPLETE = new NettyHead(State.INCOMPLETE, "", "", new DefaultHttpHeaders(), "");

    static NettyHead read(List<byte[]> segments, HttpDecoderConfig config) {
        var taker = new Taker();
        var channel = new EmbeddedChannel(new HttpRequestDecoder(config), taker);
        try {
            for (byte[] segment : segments) {
                channel.writeInbound(Unpooled.wrappedBuffer(segment));
            }
            return taker.head();
        } finally {
            taker.done = true;
            channel.finishAndReleaseAll();
        }
    }

    /** Takes the first request, and the bytes that come once the decoder is gone. */
    private static final class Taker extends ChannelInboundHandlerAdapter {
        private NettyHead head = INCOMPLETE;
        private final StringBuilder leftOver = new StringBuilder();
        private boolean done;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!done) {
                take(context, message);
            }
            ReferenceCountUtil.release(message);
        }

        private void take(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                leftOver.append(bytes.toString(ISO_8859_1));
                return;
            }
            if (message instanceof HttpRequest request) {
                State state = request.decoderResult().isSuccess() ? State.READ : State.FAILED;
                head = new NettyHead(state, request.method().name(), request.uri(), request.headers(), "");
            }
            if (message instanceof LastHttpContent) {
                context.pipeline().remove(HttpRequestDecoder.class);
            }
        }

        NettyHead head() {
            return new NettyHead(head.state(), head.method(), head.uri(), head.headers(), leftOver.toString());
        }
    }
}
