package io.konnectproxy.mirror;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with jitter, up to a bound. The jitter prevents that many proxies come back to a peer at once. Not thread-safe.
 */
public final class Backoff {
    private static final long MAX_WISH_NANOS = Duration.ofMinutes(5).toNanos();

    private final long first;
    private final long longest;
    private long next;

    public Backoff(Duration first, Duration longest) {
        this.first = first.toNanos();
        this.longest = longest.toNanos();
        this.next = this.first;
    }

    /**
     * The delay before the next attempt.
     *
     * @param wish the delay that the peer asked for; only ever makes it longer
     */
    public long nanos(Optional<Duration> wish) {
        long backoff = ThreadLocalRandom.current().nextLong(next / 2, next + 1);
        next = Math.min(next * 2, longest);
        return Math.max(backoff, Math.min(wish.map(Duration::toNanos).orElse(0L), MAX_WISH_NANOS));
    }

    public void reset() {
        next = first;
    }
}
