package io.konnectproxy.server.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Answers the requests of one connection, up to a limit. Responses contain nothing of a request. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Bounds what can be buffered for one client; for further requests it connects again. */
    static final int MOST_REQUESTS = 20;

    private final Readiness readiness;
    private final AdminConnections connections;
    private int answers;
    /** Whether the last response is being sent; further requests are ignored. */
    private boolean last;

    AdminHandler(Readiness readiness, AdminConnections connections) {
        this.readiness = readiness;
        this.connections = connections;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (last) {
            return;
        }
        boolean malformed = request.decoderResult().isFailure();
        answers++;
        if (!context.channel().isWritable()) {
            context.flush();
        }
        // A client that sends requests and reads no responses would make them pile up here.
        last = malformed
                || !HttpUtil.isKeepAlive(request)
                || answers >= MOST_REQUESTS
                || !context.channel().isWritable();
        if (last) {
            context.channel().config().setAutoRead(false);
        }
        connections.answered(context.channel());
        answer(context, malformed ? Page.MALFORMED : page(request));
    }

    private Page page(FullHttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        if (!path.equals("/healthz") && !path.equals("/readyz")) {
            return Page.NOT_FOUND;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return Page.ONLY_READING;
        }
        return path.equals("/healthz") ? Page.ALIVE : Page.of(readiness);
    }

    /** The codec omits the body if the request was HEAD. */
    private void answer(ChannelHandlerContext context, Page page) {
        byte[] text = page.text().getBytes(StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, page.status(), ByteBufUtil.writeUtf8(context.alloc(), page.text()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, last ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        if (page.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        context.write(response)
                .addListener(last ? ChannelFutureListener.CLOSE : ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
        context.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
