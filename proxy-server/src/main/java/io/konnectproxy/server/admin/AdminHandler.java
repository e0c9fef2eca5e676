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
import java.util.Map;

/** Answers the requests of one connection, up to a limit. Responses contain nothing of a request. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Bounds what can be buffered for one client; for further requests it connects again. */
    static final int MOST_REQUESTS = 20;

    private static final String METRICS = "/metrics";
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Readiness readiness;
    private final Scrapes scrapes;
    private final AdminConnections connections;
    private final LivePages pages;
    private int answers;
    /** Whether the last response is being sent; further requests are ignored. */
    private boolean last;

    AdminHandler(Readiness readiness, Scrapes scrapes, AdminConnections connections, LivePages pages) {
        this.readiness = readiness;
        this.scrapes = scrapes;
        this.connections = connections;
        this.pages = pages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (last) {
            return;
        }
        boolean malformed = request.decoderResult().isFailure();
        // What is not answered at once is the last response of a connection, so that responses stay in order and no
        // client
        // holds two of them.
        String path = request.uri().split("\\?", 2)[0];
        boolean readable = !malformed && reads(request);
        boolean metrics = readable && path.equals(METRICS);
        boolean live = readable && LivePages.isAt(path) && pages.access().on();
        answers++;
        if (!context.channel().isWritable()) {
            context.flush();
        }
        // A client that sends requests and reads no responses would make them pile up here.
        last = malformed
                || metrics
                || live
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
        } else if (live) {
            pages.answer(context, request, path, page -> answer(context, page));
        } else {
            answer(context, malformed ? Page.MALFORMED : page(request, path));
        }
    }

    private static boolean reads(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    }

    private Page page(FullHttpRequest request, String path) {
        PageAccess access = pages.access();
        if (LivePages.isAt(path)) {
            return access.on() ? Page.ONLY_READING : Page.without(access);
        }
        if (!path.equals("/healthz") && !path.equals("/readyz") && !path.equals(METRICS)) {
            return access.on() ? Page.NOT_FOUND_BESIDE_PAGE : Page.NOT_FOUND;
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
                answer(
                        context,
                        HttpResponseStatus.OK,
                        format.contentType(),
                        Unpooled.wrappedBuffer(asked.getNow()),
                        Map.of());
            } else {
                answer(context, Page.NO_METRICS);
            }
            context.flush();
        });
    }

    private void answer(ChannelHandlerContext context, Page page) {
        answer(context, page.status(), PLAIN, ByteBufUtil.writeUtf8(context.alloc(), page.text()), page.fields());
    }

    /** The codec omits the body if the request was HEAD. */
    private void answer(
            ChannelHandlerContext context,
            HttpResponseStatus status,
            String type,
            ByteBuf body,
            Map<CharSequence, String> fields) {
        int length = body.readableBytes();
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, last ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        fields.forEach(response.headers()::set);
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
