package io.konnectproxy.report;

import java.util.ArrayList;
import java.util.List;

/** Checks that the lines are numbered without gaps. A gap shows that files are missing. */
public final class Numbering {
    /** The most gaps that are listed; all are counted. */
    static final int NAMED = 20;

    private final List<Break> breaks = new ArrayList<>();
    private long count;
    private long missing;
    private long first;
    private long last;

    /** A line has the number {@code found} instead of {@code expected}. */
    public record Break(long expected, long found, LinePosition position) {}

    /** Returns whether the line follows the one before it. */
    boolean next(long seq, String file, long line) {
        boolean follows = first == 0 || seq == last + 1;
        if (first == 0) {
            first = seq;
        } else if (!follows) {
            count++;
            missing += Math.max(0, seq - last - 1);
            if (breaks.size() < NAMED) {
                breaks.add(new Break(last + 1, seq, new LinePosition(file, line)));
            }
        }
        last = seq;
        return follows;
    }

    /** The first breaks. */
    public List<Break> breaks() {
        return List.copyOf(breaks);
    }

    public long count() {
        return count;
    }

    /** Numbers that were skipped. */
    public long missing() {
        return missing;
    }

    /** The first number; 0 before the first line. */
    public long first() {
        return first;
    }

    public long last() {
        return last;
    }
}
