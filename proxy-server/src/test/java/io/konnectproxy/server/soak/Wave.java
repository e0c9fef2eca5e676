package io.konnectproxy.server.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Those who came with one storm. */
public final class Wave {
    /** Beyond the time that a visit has for itself. */
    private static final int MOST_MINUTES = 3;

    private final List<StayingVisit> visits;
    private final long begun = System.nanoTime();

    Wave(List<StayingVisit> visits) {
        this.visits = visits;
    }

    /** Waits until each has had its bytes echoed, or has failed. */
    public Welcome awaitWelcome() {
        List<String> problems = await(visits.stream().map(StayingVisit::served).toList());
        Duration all = Duration.ofNanos(System.nanoTime() - begun);
        long[] sorted = visits.stream()
                .mapToLong(Visit::answeredNanos)
                .filter(nanos -> nanos >= 0)
                .sorted()
                .toArray();
        return new Welcome(
                visits.size() - problems.size(), problems, all, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    /** How many of those that were answered with 200 had waited longer. */
    long answeredAfter(Duration patience) {
        return visits.stream()
                .filter(visit -> visit.answeredNanos() > patience.toNanos())
                .count();
    }

    /** Waits until all are closed, by whichever side. */
    public void awaitAllGone() {
        var unused = await(visits.stream().map(Visit::done).toList());
    }

    /** All close, and are gone when this returns. */
    public void leave() {
        visits.forEach(StayingVisit::leave);
        awaitAllGone();
    }

    /** Those that have been served and are still connected. */
    public long open() {
        return visits.stream()
                .filter(visit -> visit.served().isDone() && !visit.done().isDone())
                .count();
    }

    private static List<String> await(List<CompletableFuture<Void>> all) {
        List<String> problems = new ArrayList<>();
        for (CompletableFuture<Void> one : all) {
            try {
                one.orTimeout(MOST_MINUTES, TimeUnit.MINUTES).join();
            } catch (CompletionException e) {
                problems.add(String.valueOf(e.getCause()));
            }
        }
        return problems;
    }

    private static Duration at(long[] sorted, double quantile) {
        return sorted.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(sorted[(int) Math.ceil(quantile * sorted.length) - 1]);
    }

    /**
     * How they were received. The times are from the first SYN to the last byte of the 200.
     *
     * @param problems of those that were not served, one each
     * @param all until the last one had its bytes echoed
     */
    public record Welcome(
            int served, List<String> problems, Duration all, Duration median, Duration p99, Duration longest) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d served within %.1f s, %d not; CONNECT answered in %d ms (median), %d ms (99 %%), %d ms (longest)",
                    served,
                    all.toMillis() / 1e3,
                    problems.size(),
                    median.toMillis(),
                    p99.toMillis(),
                    longest.toMillis());
        }
    }
}
