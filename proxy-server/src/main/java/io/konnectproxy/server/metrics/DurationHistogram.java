package io.konnectproxy.server.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts durations by fixed bounds. Thread-safe. */
final class DurationHistogram {
    private final double[] bounds;
    private final long[] nanos;
    /** One for each bound, and one for what is longer than all. */
    private final LongAdder[] counts;

    private final LongAdder sum = new LongAdder();

    /** @param bounds the inclusive upper bounds in seconds, ascending */
    DurationHistogram(double... bounds) {
        this.bounds = bounds.clone();
        this.nanos = Arrays.stream(bounds)
                .mapToLong(bound -> Math.round(bound * 1e9))
                .toArray();
        this.counts = Stream.generate(LongAdder::new).limit(bounds.length + 1).toArray(LongAdder[]::new);
    }

    void observe(Duration duration) {
        observe(duration.toNanos());
    }

    void observe(long duration) {
        int place = Arrays.binarySearch(nanos, duration);
        counts[place < 0 ? -place - 1 : place].increment();
        sum.add(duration);
    }

    /** The upper bounds in seconds; the last one is infinite. */
    double[] bounds() {
        double[] all = Arrays.copyOf(bounds, counts.length);
        all[bounds.length] = Double.POSITIVE_INFINITY;
        return all;
    }

    /** The number of durations between each bound and the one before it. */
    long[] counts() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    double seconds() {
        return sum.sum() / 1e9;
    }
}
