package io.konnectproxy.bench;

import java.util.Arrays;

/** Durations in nanoseconds. */
public final class Samples {
    private long[] nanos = new long[1024];
    private int size;

    public void add(long sample) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = sample;
    }

    public int size() {
        return size;
    }

    /** The lowest sample that is no lower than this share of all, in microseconds. */
    public double micros(double share) {
        if (size == 0) {
            throw new IllegalStateException("no samples");
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)] / 1e3;
    }
}
