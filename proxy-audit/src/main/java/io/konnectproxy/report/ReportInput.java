package io.konnectproxy.report;

import io.konnectproxy.trail.event.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How much was read, and the times of the lines. */
public final class ReportInput {
    /** The most files that are listed; all are counted. */
    static final int NAMED = 1_000;

    /** The most trails and instances that are listed. */
    static final int ORIGINS = 100;

    private final Period period;
    private final Set<String> trails = new LinkedHashSet<>();
    private final Set<String> instances = new LinkedHashSet<>();
    private final List<ReadFile> files = new ArrayList<>();
    private final List<SkippedFile> passedOver = new ArrayList<>();
    private long fileCount;
    private long before;
    private long within;
    private long after;
    private long backwards;
    private long earliest = Long.MAX_VALUE;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    ReportInput(Period period) {
        this.period = period;
    }

    /** A file, with the lines in it, readable or not. */
    public record ReadFile(String file, long lines) {
        public ReadFile {
            file = Printable.of(file);
        }
    }

    /** A file that is not part of the trail. */
    public record SkippedFile(String file, String why) {}

    /** The trail of a line. */
    void of(String trail) {
        if (trails.size() < ORIGINS) {
            trails.add(trail);
        }
    }

    /** The proxy that a start or a configuration is of. */
    void from(String instance) {
        if (instances.size() < ORIGINS) {
            instances.add(instance);
        }
    }

    /** The trails that the lines are of, in the order in which they were read; lines of version 1 name none. */
    public List<String> trails() {
        return List.copyOf(trails);
    }

    /** The proxies that the lines are of. */
    public List<String> instances() {
        return List.copyOf(instances);
    }

    void passedOver(String file, String why) {
        if (passedOver.size() < NAMED) {
            passedOver.add(new SkippedFile(Printable.of(file), why));
        }
    }

    public List<SkippedFile> passedOver() {
        return List.copyOf(passedOver);
    }

    void file(String file, long lines) {
        fileCount++;
        if (files.size() < NAMED) {
            files.add(new ReadFile(file, lines));
        }
    }

    /** Counts a line. Returns a value below 0 for a time before the period, 0 in it, above 0 after it. */
    int line(long time) {
        earliest = Math.min(earliest, time);
        if (time < period.sinceMicros()) {
            before++;
            return -1;
        }
        if (time >= period.untilMicros()) {
            after++;
            return 1;
        }
        within++;
        first = Math.min(first, time);
        last = Math.max(last, time);
        return 0;
    }

    /** A line was more than a minute earlier than the one before it. */
    void wentBack() {
        backwards++;
    }

    public List<ReadFile> files() {
        return List.copyOf(files);
    }

    public long fileCount() {
        return fileCount;
    }

    /** Lines that were read, in the period or not. */
    public long read() {
        return before + within + after;
    }

    public long before() {
        return before;
    }

    public long within() {
        return within;
    }

    public long after() {
        return after;
    }

    /** How often a line was more than a minute earlier than the one before, because the clock was set back. */
    public long backwards() {
        return backwards;
    }

    /** The earliest time of all lines; {@link Long#MAX_VALUE} without any. */
    public long earliest() {
        return earliest;
    }

    /** The earliest time in the period; {@link Long#MAX_VALUE} without any. */
    public long first() {
        return first;
    }

    /** The latest time in the period; {@link Long#MIN_VALUE} without any. */
    public long last() {
        return last;
    }
}
