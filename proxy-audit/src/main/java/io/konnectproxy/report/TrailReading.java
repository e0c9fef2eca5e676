package io.konnectproxy.report;

import io.konnectproxy.keys.VerificationKey;
import io.konnectproxy.trail.CheckThread;
import io.konnectproxy.trail.KeptCheckpoints;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.event.Micros;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Reads trails once, side by side in the order of their times, adds them up, and verifies each meanwhile. The
 * verification of a trail stops at its first defect; the report goes on. A trail is open from the time of its first line to its last
 * line, so that memory and descriptors grow with the trails that were written at the same time. A trail whose clock was ahead is read as
 * late as its lines say, and nothing else waits for it.
 */
public final class TrailReading {
    /** Each has buffers of its own. A trail that begins while so many are open waits for the end of another. */
    static final int MOST_OPEN = 1_000;

    private final ReportQuery query;
    private final List<VerificationKey> keys;
    private final KeptCheckpoints kept;
    private final int mostOpen;
    private final PriorityQueue<TrailReader> open = new PriorityQueue<>(Comparator.comparingLong(TrailReader::time));
    /** Read to their end, and perhaps still being verified. */
    private final Deque<TrailReader> ended = new ArrayDeque<>();

    private final List<String> troubles = new ArrayList<>();
    /** The time up to which lines were taken. */
    private long reached = Long.MIN_VALUE;

    private boolean several;

    /**
     * @param keys the public keys for signatures; if empty, signatures are not verified
     * @param kept checkpoint lines that were kept elsewhere, by their trails,
     */
    public TrailReading(ReportQuery query, List<VerificationKey> keys, KeptCheckpoints kept) {
        this(query, keys, kept, MOST_OPEN);
    }

    /** @param mostOpen trails at once */
    TrailReading(ReportQuery query, List<VerificationKey> keys, KeptCheckpoints kept, int mostOpen) {
        this.query = query;
        this.keys = keys;
        this.kept = kept;
        this.mostOpen = mostOpen;
    }

    /**
     * What was read.
     *
     * @param troubles a sentence for each: a place that could not be read, or not to its end, a verification that failed
     */
    public record ReadReport(AuditReport report, List<String> troubles) {}

    /** Reads all files of all trails. A file that cannot be read to its end is reported as far as it was read. For one use. */
    public ReadReport of(Trails trails) {
        several = trails.all().size() > 1;
        ReportBuilder builder = new ReportBuilder(query, several);
        troubles.addAll(kept.ofAbsentTrails(trails.all()));
        trails.passedOver().forEach(file -> builder.passedOver(file.name(), file.why()));
        trails.passedOver(Segments.PassedOver.Kind.UNREAD)
                .forEach(place -> troubles.add(place.sentence() + " The report lacks what it may have."));
        try (CheckThread checks = new CheckThread()) {
            Deque<Trail> waiting = new ArrayDeque<>(trails.all().stream()
                    .sorted(Comparator.comparingLong(TrailReading::firstTime))
                    .toList());
            while (!waiting.isEmpty() || !open.isEmpty()) {
                open(waiting, builder, checks);
                if (!open.isEmpty()) {
                    boolean full = waiting.isEmpty() || open.size() >= mostOpen;
                    read(full ? Long.MAX_VALUE : firstTime(waiting.element()));
                }
            }
            settle(true);
        } finally {
            open.forEach(TrailReader::close);
        }
        return new ReadReport(builder.build(), List.copyOf(troubles));
    }

    /** The minimum where the trail does not say it. */
    private static long firstTime(Trail trail) {
        try {
            return Micros.parse(trail.firstTime());
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }

    /** Opens those whose time has come. */
    private void open(Deque<Trail> waiting, ReportBuilder builder, CheckThread checks) {
        while (!waiting.isEmpty()
                && open.size() < mostOpen
                && (open.isEmpty()
                        || firstTime(waiting.element()) <= open.element().time())) {
            Trail next = waiting.removeFirst();
            if (firstTime(next) < reached) {
                builder.build().trails().late();
            }
            TrailReader reader = TrailReader.begin(next, builder, checks, keys, kept.of(next, !several));
            if (reader.next()) {
                open.add(reader);
            } else {
                end(reader);
            }
        }
    }

    /**
     * Takes lines of the trail that is behind, until another one is.
     *
     * @param until the time of the first line of a trail that is not open yet
     */
    private void read(long until) {
        TrailReader next = open.remove();
        long bound =
                Math.min(until, open.isEmpty() ? Long.MAX_VALUE : open.element().time());
        boolean more;
        do {
            reached = Math.max(reached, next.time());
            more = next.take();
        } while (more && next.time() <= bound);
        if (more) {
            open.add(next);
        } else {
            end(next);
        }
    }

    private void end(TrailReader reader) {
        reader.end();
        ended.addLast(reader);
        settle(false);
    }

    /** Adds the results of verifications, in the order in which the trails ended, as they are verified. */
    private void settle(boolean all) {
        while (!ended.isEmpty() && (all || ended.element().isVerified())) {
            troubles.addAll(ended.removeFirst().settle());
        }
    }
}
