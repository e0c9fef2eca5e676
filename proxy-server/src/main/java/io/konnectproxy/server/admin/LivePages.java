package io.konnectproxy.server.admin;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.credentials.Verification;
import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import io.konnectproxy.server.live.LiveDocument;
import io.konnectproxy.server.live.LiveQuery;
import io.konnectproxy.wire.Credentials;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for the live page and for its events. What others than its page ask a browser for is refused, and passwords are
 * verified on other threads. Used on the event loop of the admin port.
 */
final class LivePages implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final String DOCUMENT = "/";
    private static final String EVENTS = "/live";
    /** Less than a connection has for a request. */
    private static final long PATIENCE_SECONDS = 4;

    private final LivePage page;
    private final Viewers viewers;
    private final AdminConnections connections;
    private @Nullable LiveDocument document;
    private long toldAt = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);

    LivePages(LivePage page, AdminConnections connections, EventLoop loop, Duration watching) {
        this.page = page;
        this.viewers = new Viewers(page, loop, watching);
        this.connections = connections;
    }

    static boolean isAt(String path) {
        return path.equals(DOCUMENT) || path.equals(EVENTS);
    }

    PageAccess access() {
        return page.access().get();
    }

    /** What was asked for. The request itself is gone when a password has been verified. */
    private record LiveRequest(ChannelHandlerContext context, boolean events, boolean head, LiveQuery query) {}

    /**
     * Answers a request that is the last one of its connection.
     *
     * @param refuse sends a page instead
     */
    void answer(ChannelHandlerContext context, FullHttpRequest request, String path, Consumer<Page> refuse) {
        boolean events = path.equals(EVENTS);
        Optional<Page> refusal =
                events ? PageOrigin.refusalOfEvents(request.headers()) : PageOrigin.refusal(request.headers());
        if (refusal.isPresent()) {
            refuse.accept(refusal.get());
            return;
        }
        LiveRequest asked;
        try {
            // The document is the same whatever its query says, which its script reads.
            String query = events && request.uri().length() > path.length()
                    ? request.uri().substring(path.length() + 1)
                    : "";
            asked = new LiveRequest(context, events, request.method().equals(HttpMethod.HEAD), LiveQuery.parse(query));
        } catch (IllegalArgumentException e) {
            refuse.accept(Page.badRequest(String.valueOf(e.getMessage())));
            return;
        }
        PageAccess access = access();
        if (access.users().isEmpty()) {
            serve(asked, access, Optional.empty(), refuse);
            return;
        }
        List<String> sent = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        if (sent.size() == 1 && Credentials.of(sent.get(0)) instanceof Credentials.Basic credentials) {
            verify(asked, access, access.users().get(), credentials, refuse);
        } else {
            refuse.accept(Page.CREDENTIALS);
        }
    }

    private void verify(
            LiveRequest asked, PageAccess access, Users users, Credentials.Basic credentials, Consumer<Page> refuse) {
        Channel channel = asked.context().channel();
        if (!(channel.remoteAddress() instanceof InetSocketAddress client)) {
            channel.close();
            return;
        }
        CompletableFuture<Verification> answer = users.verify(client.getAddress(), credentials);
        var patience = channel.eventLoop()
                .schedule(() -> answer.complete(Verification.Busy.BUSY), PATIENCE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> answer.cancel(false));
        var unused = answer.whenComplete((verification, failure) -> {
            patience.cancel(false);
            try {
                channel.eventLoop().execute(() -> onVerified(asked, access, verification, refuse));
            } catch (RejectedExecutionException e) {
                // The proxy has ended, and the connection with it.
            }
        });
    }

    private void onVerified(LiveRequest asked, PageAccess access, Verification verification, Consumer<Page> refuse) {
        if (verification instanceof Right right) {
            serve(asked, access, Optional.of(right.user()), refuse);
        } else if (verification instanceof Wrong wrong) {
            tell(asked.context().channel(), wrong);
            refuse.accept(Page.CREDENTIALS);
        } else {
            refuse.accept(Page.UNVERIFIED);
        }
        asked.context().flush();
    }

    /** Once a minute, for whoever guesses does it often. */
    private void tell(Channel channel, Wrong wrong) {
        long now = System.nanoTime();
        if (now - toldAt >= TimeUnit.MINUTES.toNanos(1)
                && channel.remoteAddress() instanceof InetSocketAddress client) {
            toldAt = now;
            LOG.warn(
                    "Wrong credentials for the live page came from {}. {}",
                    AddressText.of(client.getAddress()),
                    wrong.hint());
        }
    }

    private void serve(LiveRequest asked, PageAccess access, Optional<String> user, Consumer<Page> refuse) {
        if (!access().stillAdmits(access, user)) {
            refuse.accept(Page.UNVERIFIED);
        } else if (!asked.events()) {
            sendDocument(asked.context(), refuse);
        } else if (asked.head()) {
            HttpResponse head = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            eventFields(head.headers());
            asked.context().write(head).addListener(ChannelFutureListener.CLOSE);
        } else if (asked.context().channel().remoteAddress() instanceof InetSocketAddress address) {
            InetAddress client = ClientNetwork.of(address.getAddress());
            if (viewers.hasPlace(client)) {
                begin(asked, client, access, user);
            } else {
                refuse.accept(Page.ENOUGH_VIEWERS);
            }
        } else {
            asked.context().close();
        }
    }

    private void sendDocument(ChannelHandlerContext context, Consumer<Page> refuse) {
        if (document != null) {
            send(context, document);
            return;
        }
        Future<LiveDocument> reading = viewers.read(page.document());
        reading.addListener(read -> {
            if (reading.isSuccess()) {
                document = reading.getNow();
                send(context, reading.getNow());
            } else {
                LOG.error("The document of the live page cannot be read: {}.", String.valueOf(reading.cause()));
                refuse.accept(Page.NO_DOCUMENT);
            }
            context.flush();
        });
    }

    private static void send(ChannelHandlerContext context, LiveDocument document) {
        byte[] html = document.html();
        HttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(html));
        commonFields(response.headers(), "text/html; charset=utf-8")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, html.length)
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, document.contentSecurityPolicy())
                .set("referrer-policy", "no-referrer");
        context.write(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** The end of the connection is the end of the response. */
    private void begin(LiveRequest asked, InetAddress client, PageAccess access, Optional<String> user) {
        Channel channel = asked.context().channel();
        // From now on the connection has a place among viewers, and the limits of viewers.
        connections.leave(channel);
        channel.pipeline().remove(RequestDeadline.class);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        eventFields(head.headers());
        channel.write(head);
        viewers.add(channel, client, asked.query(), access, user);
    }

    private static void eventFields(HttpHeaders headers) {
        commonFields(headers, "text/event-stream");
    }

    private static HttpHeaders commonFields(HttpHeaders headers, String type) {
        return headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff")
                .set("cross-origin-resource-policy", "same-origin")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }

    @Override
    public void close() {
        viewers.close();
    }
}
