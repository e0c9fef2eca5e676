package io.konnectproxy.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
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
import io.netty.util.concurrent.Future;

/** Answers the requests of one connection, up to a limit. Responses contain nothing of a request. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Bounds what can be buffered for one client; for further requests it connects again. */
    static final int MOST_REQUESTS = 20;

    private static final String METRICS = "/metrics";
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Readiness readiness;
    private final Scrapes scrapes;
    private final AdminConnections connections;
    private int answers;
    /** Whether the last response is being sent; further requests are ignored. */
    private boolean last;

    AdminHandler(Readiness readiness, Scrapes scrapes, AdminConnections connections) {
        this.readiness = readiness;
        this.scrapes = scrapes;
        this.connections = connections;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (last) {
            return;
        }
        boolean malformed = request.decoderResult().isFailure();
        // The metrics are the last response of a connection, so that responses stay in order and no client holds two of
        // them.
        String path = request.uri().split("\\?", 2)[0];
        boolean metrics = !malformed && path.equals(METRICS) && reads(request);
        answers++;
        if (!context.channel().isWritable()) {
            context.flush();
        }
        // A client that sends requests and reads no responses would make them pile up here.
        last = malformed
                || metrics
                || !HttpUtil.isKeepAlive(request)
                || answers >= MOST_REQUESTS
                || !context.channel().isWritable();
        if (last) {
            context.channel().config().setAutoRead(false);
        }
        connections.answered(context.channel());
        if (metrics) {
            answerWithMetrics(
                    context, ExpositionFormat.preferred(request.headers().getAll(HttpHeaderNames.ACCEPT)));
        } else {
            answer(context, malformed ? Page.MALFORMED : page(request, path));
        }
    }

    private static boolean reads(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    private Page page(FullHttpRequest request, String path) {
        if (!path.equals("/healthz") && !path.equals("/readyz") && !path.equals(METRICS)) {
            return Page.NOT_FOUND;
        }
        if (!reads(request)) {
            return Page.ONLY_READING;
        }
        return path.equals("/healthz") ? Page.ALIVE : Page.of(readiness);
    }

    private void answerWithMetrics(ChannelHandlerContext context, ExpositionFormat format) {
        Future<byte[]> asked = scrapes.ask(format);
        asked.addListener(done -> {
            if (asked.isSuccess()) {
                // All who share a document share its bytes.
                answer(context, HttpResponseStatus.OK, format.contentType(), Unpooled.wrappedBuffer(asked.getNow()));
            } else {
                answer(context, Page.NO_METRICS);
            }
            context.flush();
        });
    }

    private void answer(ChannelHandlerContext context, Page page) {
        answer(context, page.status(), PLAIN, ByteBufUtil.writeUtf8(context.alloc(), page.text()));
    }

    /** The codec omits the body if the request was HEAD. */
    private void answer(ChannelHandlerContext context, HttpResponseStatus status, String type, ByteBuf body) {
        int length = body.readableBytes();
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, last ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
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
