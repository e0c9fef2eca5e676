package io.konnectproxy.server.upstream;

import io.konnectproxy.server.tunnel.TunnelLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether a parent proxy could be reached lately; what it answered does not count. Any thread. */
final class ParentHealth {
    /** How long one that could not be reached is tried last. */
    static final Duration MEMORY = Duration.ofSeconds(30);

    private final String url;
    private final LongSupplier nanoTime;
    /** Until when it is avoided; null while it could be reached. */
    private final AtomicReference<@Nullable Long> avoidedUntil = new AtomicReference<>();

    ParentHealth(String url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    boolean isGood() {
        Long until = avoidedUntil.get();
        return until == null || nanoTime.getAsLong() - until >= 0;
    }

    void failed(String why) {
        if (avoidedUntil.getAndSet(nanoTime.getAsLong() + MEMORY.toNanos()) == null) {
            TunnelLog.parentFailed(why, MEMORY);
        }
    }

    void answered() {
        if (avoidedUntil.getAndSet(null) != null) {
            TunnelLog.parentAnswers(url);
        }
    }
}
