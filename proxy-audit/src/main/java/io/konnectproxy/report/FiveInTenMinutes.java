package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.util.Arrays;

/** Notices what happens five times in ten minutes, which a running proxy calls again and again too. */
final class FiveInTenMinutes {
    static final long TEN_MINUTES = 10 * Micros.MINUTE;

    private static final int OFTEN = 5;

    private final long[] times = new long[OFTEN];
    private int next;

    FiveInTenMinutes() {
        Arrays.fill(times, Long.MIN_VALUE);
    }

    /** Returns whether it is the fifth within ten minutes. */
    boolean add(long time) {
        times[next] = time;
        next = (next + 1) % OFTEN;
        long fifth = times[next];
        return fifth != Long.MIN_VALUE && Math.abs(time - fifth) < TEN_MINUTES;
    }
}
