package io.konnectproxy.server.admin;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the metrics rendered for all who ask, on a thread of its own, so that no probe waits. Whoever asks while they are being
 * rendered shares the next document, which begins after a pause: so the CPU and memory that scrapes take do not grow with their
 * number. Used on the event loop of the admin port.
 */
final class Scrapes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("admin");
    static final Duration PAUSE = Duration.ofMillis(250);

    private final MetricsSource source;
    private final EventLoop loop;
    /** It ends after 10 s without work. */
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory("metrics", true));

    private Map<ExpositionFormat, List<Promise<byte[]>>> waiting = new EnumMap<>(ExpositionFormat.class);
    private boolean busy;
    private long nextAt = System.nanoTime();

    Scrapes(MetricsSource source, EventLoop loop) {
        this.source = source;
        this.loop = loop;
        thread.allowCoreThreadTimeOut(true);
    }

    /** The document of a rendering that begins after this call. */
    Future<byte[]> ask(ExpositionFormat format) {
        Promise<byte[]> promise = loop.newPromise();
        waiting.computeIfAbsent(format, first -> new ArrayList<>()).add(promise);
        beginWhenDue();
        return promise;
    }

    private void beginWhenDue() {
        if (!busy && !waiting.isEmpty()) {
            busy = true;
            loop.schedule(this::begin, Math.max(0, nextAt - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private void begin() {
        Map<ExpositionFormat, List<Promise<byte[]>>> asked = waiting;
        waiting = new EnumMap<>(ExpositionFormat.class);
        try {
            thread.execute(() -> render(asked));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The server is closing, or the system gives no thread.
            end(asked, format -> {
                throw new IllegalStateException("there is no thread to render metrics", e);
            });
        }
    }

    private void render(Map<ExpositionFormat, List<Promise<byte[]>>> asked) {
        Map<ExpositionFormat, byte[]> documents = new EnumMap<>(ExpositionFormat.class);
        try {
            asked.keySet().forEach(format -> documents.put(format, source.render(format)));
            hand(asked, documents::get);
        } catch (RuntimeException | Error e) {
            LOG.error("The metrics could not be read: {}.", e.toString());
            hand(asked, format -> {
                throw new IllegalStateException("metrics could not be read", e);
            });
        }
    }

    private void hand(Map<ExpositionFormat, List<Promise<byte[]>>> asked, MetricsSource documents) {
        try {
            loop.execute(() -> end(asked, documents));
        } catch (RejectedExecutionException e) {
            LOG.debug("The event loop has ended before the metrics were rendered.");
        }
    }

    private void end(Map<ExpositionFormat, List<Promise<byte[]>>> asked, MetricsSource documents) {
        asked.forEach((format, promises) -> promises.forEach(promise -> {
            try {
                promise.setSuccess(documents.render(format));
            } catch (IllegalStateException e) {
                promise.setFailure(e);
            }
        }));
        busy = false;
        nextAt = System.nanoTime() + PAUSE.toNanos();
        beginWhenDue();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
