package io.konnectproxy.server.tls;

import io.konnectproxy.keys.KeyFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identities of all listeners, looked after by one thread: every few seconds it reads their files, and what is new and
 * good is served from then on. It compares what the files hold and nothing of what the file system says of them, so that a
 * link that is turned, a file that is written over and one that is changed twice in a second are all noticed.
 */
public final class RenewedIdentities implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("tls");
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private final List<RenewedIdentity> identities = new CopyOnWriteArrayList<>();
    private final InstantSource clock;
    private final ScheduledExecutorService thread;

    /** Begins to look; there is nothing to look at before the first {@link #add}. */
    public RenewedIdentities() {
        this(INTERVAL, InstantSource.system());
    }

    RenewedIdentities(Duration interval, InstantSource clock) {
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "tls-files");
            named.setDaemon(true);
            return named;
        });
        thread.scheduleWithFixedDelay(this::lookAtAll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Reads an identity and keeps it up to date from now on.
     *
     * @throws KeyFileException when there is none to begin with; one sentence
     */
    public RenewedIdentity add(ServerFiles files) throws KeyFileException {
        RenewedIdentity identity = new RenewedIdentity(files, clock);
        identities.add(identity);
        return identity;
    }

    /** Looks as soon as the thread can; returns at once. */
    public void lookNow() {
        try {
            thread.execute(this::lookAtAll);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed already; nobody looks any more.");
        }
    }

    /** Looks no more. What is served stays. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void lookAtAll() {
        for (RenewedIdentity each : identities) {
            try {
                each.look();
            } catch (RuntimeException | Error e) {
                // The next look is as good as this one; without this there would be none.
                LOG.error("A certificate cannot be looked at ({}); what is served stays.", e.toString());
            }
        }
    }
}
