package io.konnectproxy.server.upstream;

import io.konnectproxy.server.tunnel.TunnelLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a parent proxy could be reached lately; what it answered does not count. Says so in the log where that changes: each
 * of the two sentences once a minute at most, because one that comes and goes would fill it. Any thread.
 */
final class ParentHealth {
    /** How long one that could not be reached is tried last. */
    static final Duration MEMORY = Duration.ofSeconds(30);

    /** How long a sentence is not repeated. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private final String url;
    private final LongSupplier nanoTime;
    /** Until when it is avoided; null while it could be reached. */
    private final AtomicReference<@Nullable Long> avoidedUntil = new AtomicReference<>();

    /** Whether the log still has to say that it answers again. */
    private volatile boolean owesAnswer;

    /** Whether the log says that it cannot be reached. */
    private boolean saidFailed;

    private @Nullable Long failedSaid;
    private @Nullable Long answersSaid;
    /** How often it has gone since that was last said. */
    private int failures;

    ParentHealth(String url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    boolean isGood() {
        Long until = avoidedUntil.get();
        return until == null || nanoTime.getAsLong() - until >= 0;
    }

    void failed(String why) {
        long now = nanoTime.getAsLong();
        boolean news = avoidedUntil.getAndSet(now + MEMORY.toNanos()) == null;
        synchronized (this) {
            if (news) {
                failures++;
            }
            owesAnswer = false;
            if (!saidFailed && isDue(failedSaid, now)) {
                TunnelLog.parentFailed(why, MEMORY, failures);
                saidFailed = true;
                failedSaid = now;
                failures = 0;
            }
        }
    }

    void answered() {
        if (avoidedUntil.get() == null && !owesAnswer) {
            return;
        }
        avoidedUntil.set(null);
        long now = nanoTime.getAsLong();
        synchronized (this) {
            owesAnswer = saidFailed && !isDue(answersSaid, now);
            if (saidFailed && !owesAnswer) {
                TunnelLog.parentAnswers(url);
                saidFailed = false;
                answersSaid = now;
            }
        }
    }

    private static boolean isDue(@Nullable Long said, long now) {
        return said == null || now - said >= SILENCE.toNanos();
    }
}
