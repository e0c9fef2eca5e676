package io.konnectproxy.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.konnectproxy.server.live.LiveDocument;
import io.konnectproxy.server.live.LiveQuery;
import io.konnectproxy.server.live.LiveView;
import io.konnectproxy.server.live.LiveView.Asked;
import io.konnectproxy.server.live.LiveView.Rendered;
import io.konnectproxy.server.live.RecentDecisions.Position;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who follow the events of the live page: at most {@value #MOST}, each of whom gets them at once and then every second. They are
 * rendered for all together, on a thread of their own, which ends when nobody watches. Whoever does not read what was sent is closed when
 * the next event is due. Used on the event loop of the admin port.
 */
final class Viewers implements AutoCloseable {
    static final int MOST = 16;
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
    /** Between two renderings: those who come at the same time are served together. */
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(250);
    /** Those whose event is due so soon get it now, so that all are served together from then on. */
    private static final long TOGETHER = TimeUnit.MILLISECONDS.toNanos(500);
    /** What the system keeps for one who does not read. */
    private static final int SEND_BUFFER = 256 << 10;

    private final LiveView view;
    private final Supplier<PageAccess> access;
    private final EventLoop loop;
    private final Duration watching;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory("live-page", true));

    private final List<Viewer> all = new ArrayList<>();
    private @Nullable Future<?> timer;
    private boolean rendering;
    private long renderedAt = System.nanoTime() - SHORTEST;
    private long complainedAt = System.nanoTime() - TimeUnit.MINUTES.toNanos(1);

    /** @param watching how long each may stay */
    Viewers(LivePage page, EventLoop loop, Duration watching) {
        this.view = page.view();
        this.access = page.access();
        this.loop = loop;
        this.watching = watching;
        thread.allowCoreThreadTimeOut(true);
    }

    /** One of them. */
    private static final class Viewer {
        private final Channel channel;
        private final InetAddress client;
        private final LiveQuery query;
        private final PageAccess admittedBy;
        private final Optional<String> user;
        private final long until;
        private Position read = Position.NONE;
        private long due = System.nanoTime();

        Viewer(
                Channel channel,
                InetAddress client,
                LiveQuery query,
                PageAccess admittedBy,
                Optional<String> user,
                Duration watching) {
            this.until = System.nanoTime() + watching.toNanos();
            this.channel = channel;
            this.client = client;
            this.query = query;
            this.admittedBy = admittedBy;
            this.user = user;
        }

        Asked asks() {
            return new Asked(query, read);
        }
    }

    /** A viewer sends nothing, so whoever does is closed; and a close is noticed at once. */
    private static final class Silence extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            context.close();
        }
    }

    /**
     * Whether there is a place for one more viewer. Where all are taken, the newest viewer of a client that has more than this one
     * would have goes for it: so one client does not keep another from watching.
     */
    boolean hasPlace(InetAddress client) {
        if (all.size() < MOST) {
            return true;
        }
        Map<InetAddress, Long> counts =
                all.stream().collect(Collectors.groupingBy(viewer -> viewer.client, Collectors.counting()));
        Map.Entry<InetAddress, Long> most = Collections.max(counts.entrySet(), Map.Entry.comparingByValue());
        if (most.getValue() <= counts.getOrDefault(client, 0L) + 1) {
            return false;
        }
        all.stream()
                .filter(viewer -> viewer.client.equals(most.getKey()))
                .reduce((older, newer) -> newer)
                .ifPresent(viewer -> {
                    all.remove(viewer);
                    viewer.channel.close();
                });
        return true;
    }

    /** Sends events from now on; the head of the response was sent. */
    void add(Channel channel, InetAddress client, LiveQuery query, PageAccess admittedBy, Optional<String> user) {
        if (!channel.isActive()) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
        channel.pipeline().addFirst(new Silence());
        channel.config().setAutoRead(true);
        send(channel, "retry: 2000\n\n".getBytes(US_ASCII));
        Viewer viewer = new Viewer(channel, client, query, admittedBy, user, watching);
        all.add(viewer);
        channel.closeFuture().addListener(closed -> {
            all.remove(viewer);
            if (all.isEmpty()) {
                forget();
            }
        });
        plan();
    }

    /** Reads the document on the thread that renders. The result comes on the event loop. */
    Future<LiveDocument> read(Supplier<LiveDocument> document) {
        Promise<LiveDocument> promise = loop.newPromise();
        try {
            thread.execute(() -> {
                // Completed on the loop: after its end nobody could be notified.
                try {
                    LiveDocument read = document.get();
                    hand(() -> promise.setSuccess(read));
                } catch (RuntimeException | Error e) {
                    hand(() -> promise.setFailure(e));
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            promise.setFailure(e);
        }
        return promise;
    }

    private void forget() {
        try {
            thread.execute(view::forget);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            LOG.debug("There is no thread any more that renders the live page.");
        }
    }

    private void plan() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        if (rendering || all.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        long wait = all.stream().mapToLong(viewer -> viewer.due - now).min().orElse(0);
        timer = loop.schedule(
                this::begin, Math.max(0, Math.max(wait, renderedAt + SHORTEST - now)), TimeUnit.NANOSECONDS);
    }

    private void begin() {
        long now = System.nanoTime();
        timer = null;
        rendering = true;
        renderedAt = now;
        List<Viewer> served =
                all.stream().filter(viewer -> viewer.due - now <= TOGETHER).toList();
        served.forEach(viewer -> viewer.due = now + INTERVAL);
        int viewers = all.size();
        try {
            thread.execute(() -> render(served, viewers));
        } catch (RejectedExecutionException e) {
            LOG.debug("The server is closing.");
            drop(served);
        } catch (OutOfMemoryError e) {
            // The system gives no thread.
            failed(served, e);
        }
    }

    private void render(List<Viewer> served, int viewers) {
        try {
            Rendered rendered = view.render(served.stream().map(Viewer::asks).collect(Collectors.toSet()), viewers);
            hand(() -> end(served, rendered));
        } catch (RuntimeException | Error e) {
            hand(() -> failed(served, e));
        }
    }

    private void hand(Runnable end) {
        try {
            loop.execute(end);
        } catch (RejectedExecutionException e) {
            LOG.debug("The event loop has ended before the live page was rendered.");
        }
    }

    private void end(List<Viewer> served, Rendered rendered) {
        PageAccess now = access.get();
        for (Viewer viewer : served) {
            byte[] events = rendered.events().get(viewer.asks());
            boolean stays = viewer.channel.isWritable()
                    && System.nanoTime() - viewer.until < 0
                    && now.stillAdmits(viewer.admittedBy, viewer.user);
            if (events == null || !stays) {
                viewer.channel.close();
            } else {
                viewer.read = rendered.until();
                send(viewer.channel, events);
            }
        }
        rendering = false;
        plan();
    }

    private void failed(List<Viewer> served, Throwable failure) {
        long now = System.nanoTime();
        if (now - complainedAt >= TimeUnit.MINUTES.toNanos(1)) {
            complainedAt = now;
            LOG.error("The live page could not be rendered: {}.", failure.toString());
        }
        drop(served);
    }

    private void drop(List<Viewer> served) {
        served.forEach(viewer -> viewer.channel.close());
        rendering = false;
        plan();
    }

    /** Viewers share the bytes. */
    private static void send(Channel channel, byte[] events) {
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(events)))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
