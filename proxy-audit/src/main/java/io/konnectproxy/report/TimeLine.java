package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Decisions over time, in at most {@value #MAX_BUCKETS} buckets, which become wider as the period becomes longer. They
 * begin at whole minutes, hours and days of UTC, weeks on Mondays.
 */
public final class TimeLine {
    private static final int MAX_BUCKETS = 96;

    private static final long[] WIDTHS = {
        Micros.MINUTE,
        5 * Micros.MINUTE,
        15 * Micros.MINUTE,
        Micros.HOUR,
        3 * Micros.HOUR,
        6 * Micros.HOUR,
        12 * Micros.HOUR,
        Micros.DAY,
        7 * Micros.DAY,
        28 * Micros.DAY,
        364 * Micros.DAY,
        3_640 * Micros.DAY,
        36_400 * Micros.DAY,
        // A forged trail may contain any year.
        364_000 * Micros.DAY
    };

    /** 1970 began on a Thursday. */
    private static final long MONDAY = 4 * Micros.DAY;

    private final TreeMap<Long, Tally> buckets = new TreeMap<>();
    private int width;

    /**
     * One bucket.
     *
     * @param tally of the decisions in it
     */
    public record Bucket(long from, Tally tally) {}

    /**
     * The buckets of the whole period without gaps; empty when nothing was counted and no period is known.
     *
     * @param width of each bucket, in microseconds
     */
    public record Series(long width, List<Bucket> buckets) {
        /** The same in fewer and wider buckets, at most {@code most}. */
        public Series coarsened(int most) {
            int step = (buckets.size() + most - 1) / most;
            List<Bucket> sums = new ArrayList<>();
            for (int i = 0; i < buckets.size(); i += step) {
                Tally sum = new Tally();
                buckets.subList(i, Math.min(i + step, buckets.size())).forEach(bucket -> sum.add(bucket.tally()));
                sums.add(new Bucket(buckets.get(i).from(), sum));
            }
            return new Series(width * step, sums);
        }
    }

    void count(TrailEvent.Decision decision) {
        at(decision.time()).count(decision.judgement(), decision.time());
    }

    /** Counts all refusals of a sum at the time of the last one; the first is usually at most a minute earlier. */
    void count(TrailEvent.Refusals refusals) {
        at(refusals.last()).countRefused(refusals.count(), refusals);
    }

    private Tally at(long time) {
        Tally tally = buckets.get(start(time));
        if (tally == null) {
            cover(time, time);
            tally = buckets.computeIfAbsent(start(time), key -> new Tally());
        }
        return tally;
    }

    /** Widens the buckets until the period and everything that was counted fit. */
    private void cover(long from, long until) {
        long first = buckets.isEmpty() ? from : Math.min(from, buckets.firstKey());
        long last = buckets.isEmpty() ? until : Math.max(until, buckets.lastKey());
        boolean widened = false;
        while ((start(last) - start(first)) / WIDTHS[width] >= MAX_BUCKETS) {
            width++;
            widened = true;
        }
        if (widened) {
            TreeMap<Long, Tally> narrow = new TreeMap<>(buckets);
            buckets.clear();
            narrow.forEach((key, tally) ->
                    buckets.computeIfAbsent(start(key), start -> new Tally()).add(tally));
        }
    }

    private long start(long time) {
        long offset = WIDTHS[width] > Micros.DAY ? MONDAY : 0;
        return Math.floorDiv(time - offset, WIDTHS[width]) * WIDTHS[width] + offset;
    }

    /**
     * The buckets over a period.
     *
     * @param from its beginning
     * @param until its end, inclusive
     */
    public Series over(long from, long until) {
        cover(from, until);
        long step = WIDTHS[width];
        long first = start(buckets.isEmpty() ? from : Math.min(from, buckets.firstKey()));
        long last = start(buckets.isEmpty() ? until : Math.max(until, buckets.lastKey()));
        List<Bucket> line = new ArrayList<>();
        for (long at = first; at <= last; at += step) {
            line.add(new Bucket(at, buckets.getOrDefault(at, new Tally())));
        }
        return new Series(step, line);
    }
}
