package io.konnectproxy.server.file;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls files every two seconds, one after the other, on a thread of its own. */
public final class FileWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final List<Watched> all = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread;

    /** One or several files that are polled. */
    @FunctionalInterface
    public interface Watched {
        /**
         * Reads the files, and puts their content in force if it has changed.
         *
         * @param atOnce whether a change counts immediately; otherwise the next poll must find the same content
         */
        void look(boolean atOnce);
    }

    /** Creates a watch without files. */
    public FileWatch() {
        this(INTERVAL);
    }

    /** The same with another interval, for tests. */
    public FileWatch(Duration interval) {
        this.thread = Executors.newSingleThreadScheduledExecutor(action -> {
            Thread named = new Thread(action, "files");
            named.setDaemon(true);
            return named;
        });
        var unused = thread.scheduleWithFixedDelay(
                () -> lookAtAll(false), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds files to poll. */
    public <W extends Watched> W add(W watched) {
        all.add(watched);
        return watched;
    }

    /** Polls these files no longer. */
    public void remove(Watched watched) {
        all.remove(watched);
    }

    /** Polls all files now, on the calling thread; changes count immediately. */
    public void lookNow() {
        lookAtAll(true);
    }

    private void lookAtAll(boolean atOnce) {
        for (Watched each : all) {
            try {
                each.look(atOnce);
            } catch (RuntimeException | Error e) {
                // An exception would end the schedule; the next poll may succeed.
                log.error("A file cannot be looked at ({}); what was read before stays.", e.toString());
            }
        }
    }

    /** Stops polling. The values that were read stay in force. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
