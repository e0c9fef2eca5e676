package io.konnectproxy.server.file;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at files every two seconds, at one after the other on a thread of its own, which begins with the first of them. */
public final class FileWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread;

    /** What is looked at. */
    @FunctionalInterface
    public interface Watched {
        /**
         * Reads the files, and takes what they hold where that is another content.
         *
         * @param atOnce whether a change counts right away; else it does once a second look has found the same
         */
        void look(boolean atOnce);
    }

    /** With nothing to look at yet. */
    public FileWatch() {
        this(INTERVAL);
    }

    /** Looks at another interval, for tests. */
    public FileWatch(Duration interval) {
        this.thread = Executors.newSingleThreadScheduledExecutor(action -> {
            Thread named = new Thread(action, "files");
            named.setDaemon(true);
            return named;
        });
        var unused = thread.scheduleWithFixedDelay(
                () -> lookAtAll(false), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at this too from now on. */
    public <W extends Watched> W add(W watched) {
        all.add(watched);
        return watched;
    }

    /** Takes all files as they are now; on the calling thread. */
    public void lookNow() {
        lookAtAll(true);
    }

    private void lookAtAll(boolean atOnce) {
        for (Watched each : all) {
            try {
                each.look(atOnce);
            } catch (RuntimeException | Error e) {
                // The next look is as good as this one; without this there would be none.
                log.error("A file cannot be looked at ({}); what was read before stays.", e.toString());
            }
        }
    }

    /** Looks no more by itself. What was read stays. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
