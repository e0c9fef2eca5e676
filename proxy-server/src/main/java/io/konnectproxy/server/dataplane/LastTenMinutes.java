package io.konnectproxy.server.dataplane;

import java.util.concurrent.TimeUnit;

/** Counts occurrences of the last ten minutes, of which the current one has begun. Counts {@value #MOST} of a minute at most. */
final class LastTenMinutes {
    static final int MOST = 63;

    private static final int BITS = 6;
    private static final int MINUTES = 10;
    private static final long KEPT = (1L << (MINUTES * BITS)) - 1;

    /** A count for each minute, that of the newest in the lowest bits: an array would take three times the memory. */
    private long counts;

    private long newest;

    void add(long now) {
        counts = until(now);
        newest = minute(now);
        if ((counts & MOST) < MOST) {
            counts++;
        }
    }

    int sum(long now) {
        int sum = 0;
        for (long left = until(now); left != 0; left >>>= BITS) {
            sum += (int) (left & MOST);
        }
        return sum;
    }

    private long until(long now) {
        long passed = minute(now) - newest;
        return passed >= MINUTES ? 0 : (counts << (passed * BITS)) & KEPT;
    }

    private static long minute(long now) {
        return now / TimeUnit.MINUTES.toNanos(1);
    }
}
