package io.konnectproxy.report.render;

import io.konnectproxy.report.TimeLine;
import io.konnectproxy.trail.event.Micros;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Computes the positions of the lines and labels of a chart's axes. */
final class Axis {
    private static final long[] TIMES = {
        Micros.MINUTE,
        5 * Micros.MINUTE,
        10 * Micros.MINUTE,
        15 * Micros.MINUTE,
        30 * Micros.MINUTE,
        Micros.HOUR,
        2 * Micros.HOUR,
        3 * Micros.HOUR,
        6 * Micros.HOUR,
        12 * Micros.HOUR,
        Micros.DAY,
        2 * Micros.DAY
    };

    private Axis() {}

    /** A position or length in the form of SVG. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** A step of 1, 2 or 5 times a power of ten, so that a value is reached in a few steps. */
    static long step(long value, int steps) {
        long power = 1;
        while (true) {
            for (long digit : new long[] {1, 2, 5}) {
                if (value / (digit * power) <= steps) {
                    return digit * power;
                }
            }
            power *= 10;
        }
    }

    /** A value in few characters, {@code 5,000}, {@code 20k}, {@code 3M}: multiples of {@link #step} are exact. */
    static String value(long value) {
        if (value >= 1_000_000 && value % 100_000 == 0) {
            return number(value / 1e6).replaceAll("\\.?0+$", "") + "M";
        }
        return value >= 10_000 && value % 1_000 == 0 ? value / 1_000 + "k" : Wording.number(value);
    }

    /**
     * A label of the time axis.
     *
     * @param bucket the bucket that it belongs to
     */
    record Label(int bucket, String text) {}

    /**
     * At most {@code most} labels, at whole hours or days where these are few enough, otherwise at regular distances in
     * buckets.
     */
    static List<Label> labels(List<TimeLine.Bucket> buckets, int most) {
        for (long step : TIMES) {
            List<Label> labels = new ArrayList<>();
            for (int i = 0; i < buckets.size(); i++) {
                if (Math.floorMod(buckets.get(i).from(), step) == 0) {
                    labels.add(new Label(i, text(buckets.get(i).from(), step)));
                }
            }
            if (!labels.isEmpty() && labels.size() <= most) {
                return labels;
            }
        }
        List<Label> labels = new ArrayList<>();
        int every = (buckets.size() + most - 1) / most;
        for (int i = 0; i < buckets.size(); i += Math.max(1, every)) {
            labels.add(new Label(i, Wording.day(buckets.get(i).from())));
        }
        return labels;
    }

    private static String text(long time, long step) {
        boolean midnight = Math.floorMod(time, Micros.DAY) == 0;
        return midnight || step >= Micros.DAY ? Wording.dayOfYear(time) : Wording.timeOfDay(time);
    }
}
