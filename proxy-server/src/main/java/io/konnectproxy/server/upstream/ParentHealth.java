package io.konnectproxy.server.upstream;

import io.konnectproxy.server.tunnel.TunnelLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a parent proxy could be reached recently, whatever its answer was. Changes are logged, each of the two
 * messages once a minute at most, because a parent that comes and goes would fill the log. Thread-safe.
 */
final class ParentHealth {
    /** How long a parent that could not be reached is tried after the others. */
    static final Duration MEMORY = Duration.ofSeconds(30);

    /** The shortest time between two messages of one kind. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private final String url;
    private final LongSupplier nanoTime;
    /** The end of the time in which it is tried last; null while it can be reached. */
    private final AtomicReference<@Nullable Long> avoidedUntil = new AtomicReference<>();

    /** Whether the message that it answers again is still to be logged. */
    private volatile boolean owesAnswer;

    /** Whether the last logged message is that it cannot be reached. */
    private boolean saidFailed;

    private @Nullable Long failedSaid;
    private @Nullable Long answersSaid;
    /** How often it has failed since that was last logged. */
    private int failures;

    ParentHealth(String url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    /** Whether the last attempt reached it, or there was none. */
    boolean answers() {
        return avoidedUntil.get() == null;
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
