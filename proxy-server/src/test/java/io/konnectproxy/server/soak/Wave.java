package io.konnectproxy.server.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Those who came with one storm. */
public final class Wave {
    private final List<StayingVisit> visits;
    private final long begun = System.nanoTime();

    Wave(List<StayingVisit> visits) {
        this.visits = visits;
    }

    /**
     * Waits until each has had its bytes echoed, and tells how long it took; at the first that was refused or cut off it
     * throws.
     */
    public Latencies awaitAllServed() throws InterruptedException, ExecutionException, TimeoutException {
        await(visits.stream().map(StayingVisit::served).toList());
        Duration all = Duration.ofNanos(System.nanoTime() - begun);
        long[] sorted = visits.stream().mapToLong(Visit::answeredNanos).sorted().toArray();
        return new Latencies(sorted.length, all, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    /** Waits until all were closed by the other side. */
    public void awaitAllGone() throws InterruptedException, ExecutionException, TimeoutException {
        await(visits.stream().map(Visit::done).toList());
    }

    /** All close, and are gone when this returns. */
    public void leave() throws InterruptedException, ExecutionException, TimeoutException {
        visits.forEach(StayingVisit::leave);
        awaitAllGone();
    }

    /** Those that are connected at this moment. */
    public long open() {
        return visits.stream()
                .filter(visit -> visit.served().isDone() && !visit.done().isDone())
                .count();
    }

    private static void await(List<CompletableFuture<Void>> all)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (CompletableFuture<Void> one : all) {
            one.get(2, TimeUnit.MINUTES);
        }
    }

    private static Duration at(long[] sorted, double quantile) {
        return Duration.ofNanos(sorted[(int) Math.ceil(quantile * sorted.length) - 1]);
    }

    /**
     * From the first SYN to the last byte of the 200.
     *
     * @param all until the last one had its bytes echoed
     */
    public record Latencies(int clients, Duration all, Duration median, Duration p99, Duration longest) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d tunnels open after %d ms; each CONNECT answered in %d ms (median), %d ms (99 %%), %d ms (longest)",
                    clients,
                    all.toMillis(),
                    median.toMillis(),
                    p99.toMillis(),
                    longest.toMillis());
        }
    }
}
