package io.konnectproxy.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The lines that one mirror has missed, until they are returned to be recorded. Thread-safe. */
final class Misses {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String mirror;
    private final Duration patience;
    private long total;
    private long count;
    private String from = "";
    private String until = "";
    private String reason = "";
    /**
     * Whether more was missed than records of mirror losses. A loss of those only is not recorded by time, or each
     * record would cause the next one.
     */
    private boolean worthTelling;

    private long since;

    Misses(String mirror) {
        this(mirror, PATIENCE);
    }

    /** With the longest time that a loss may stay unrecorded while the mirror still takes no lines. */
    Misses(String mirror, Duration patience) {
        this.mirror = mirror;
        this.patience = patience;
    }

    synchronized void add(MirroredLine line, String why) {
        MirroredEvent event = line.event();
        String time = event.time();
        if (count == 0) {
            from = time;
            until = time;
            reason = why;
            since = System.nanoTime();
        }
        from = time.compareTo(from) < 0 ? time : from;
        until = time.compareTo(until) > 0 ? time : until;
        worthTelling |= !event.isOfMirror();
        count++;
        total++;
    }

    /** Counts some of these lines as missed, where it is not known which ones. */
    synchronized void addSome(int some, List<MirroredLine> lines, String why) {
        if (some > 0) {
            add(lines.get(0), why);
            add(lines.get(lines.size() - 1), why);
            int more = Math.min(some, lines.size()) - 2;
            count += more;
            total += more;
        }
    }

    /**
     * @param over whether the mirror takes lines again, so that it gets the record, or never will
     */
    synchronized Optional<Missed> take(boolean over) {
        boolean due = over || (worthTelling && System.nanoTime() - since > patience.toNanos());
        if (count == 0 || !due) {
            return Optional.empty();
        }
        Missed missed = new Missed(mirror, count, Instant.parse(from), Instant.parse(until), reason);
        count = 0;
        worthTelling = false;
        return Optional.of(missed);
    }

    /** The missed lines that were not returned yet. */
    synchronized long count() {
        return count;
    }

    synchronized long total() {
        return total;
    }
}
