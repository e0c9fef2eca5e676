package io.konnectproxy.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one mirror has missed, until it is given out to be recorded. Any thread. */
final class Misses {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String mirror;
    private final Duration patience;
    private long total;
    private long count;
    private String from = "";
    private String until = "";
    private String reason = "";
    /** Whether there is more to tell than that the telling itself was missed, or this would never end. */
    private boolean worthTelling;

    private long since;

    Misses(String mirror) {
        this(mirror, PATIENCE);
    }

    /** With a bound for how long a loss may go unrecorded while its end is not in sight. */
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

    /** Some of these lines, not known which. */
    synchronized void addSome(int some, List<MirroredLine> lines, String why) {
        if (some > 0) {
            add(lines.get(0), why);
            add(lines.get(lines.size() - 1), why);
            int more = Math.min(some, lines.size()) - 2;
            count += more;
            total += more;
        }
    }

    /** @param over whether the mirror takes lines again, so that the record finds its way there, or none ever will */
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

    /** Of those that were not given out. */
    synchronized long count() {
        return count;
    }

    synchronized long total() {
        return total;
    }
}
