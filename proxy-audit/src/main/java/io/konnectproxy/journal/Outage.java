package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.Journal.Waiting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the trail can be written, and what happens to records that cannot be. Decisions are lost, and counted.
 * Records of what has happened already, such as the end of a tunnel, wait for the end of the outage as long as there is
 * room.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    /** Enough for 10,000 tunnels that end in one outage. */
    private static final int MAX_HELD = Journal.room(16_384);

    private final LineSink sink;
    private final OnFailure onFailure;
    private final InstantSource clock;
    private final Losses losses = new Losses();
    /** Used only by the writer's thread. */
    private final Deque<Waiting> held = new ArrayDeque<>();

    private final AtomicBoolean overflowing = new AtomicBoolean();
    private volatile boolean over = true;

    Outage(LineSink sink, OnFailure onFailure, InstantSource clock) {
        this.sink = sink;
        this.onFailure = onFailure;
        this.clock = clock;
    }

    /** Writing has failed. */
    void begin(String why) {
        if (over) {
            over = false;
            LOG.error("{} cannot be written: {}. {}", sink, why, consequence());
        }
        losses.begin(clock.instant(), why);
    }

    /** Writing has succeeded. */
    void end() {
        if (!over) {
            over = true;
            LOG.warn("{} can be written again. Lines lost since the start: {}.", sink, losses.total());
        }
    }

    boolean isOver() {
        return over;
    }

    String consequence() {
        return onFailure == OnFailure.REFUSE
                ? "Every request is refused until it can."
                : "Requests are served unrecorded until it can.";
    }

    /** The gap line about lost lines, now that the trail can be written. */
    Optional<AuditRecord.Gap> gap(Instant now) {
        return losses.gap(now, onFailure == OnFailure.CONTINUE);
    }

    boolean hasUnsaid() {
        return losses.gap(clock.instant(), false).isPresent();
    }

    void said(AuditRecord.Gap gap) {
        losses.said(gap);
    }

    /** The next record that waited for the end of the outage. */
    Optional<Waiting> nextHeld() {
        return Optional.ofNullable(held.poll());
    }

    /** A record could not be written. */
    void unwritten(Waiting waiting, String why) {
        AuditRecord record = waiting.record().orElseThrow();
        if (isSaidAgain(record)) {
            return;
        }
        if (onFailure == OnFailure.CONTINUE && isReload(record)) {
            // It is in force from now on although it is not recorded, and readers must learn of it after the outage.
            hold(waiting, why);
            waiting.written().complete(null);
            return;
        }
        boolean asks = record instanceof AuditRecord.Decision
                || record instanceof AuditRecord.Start
                || record instanceof AuditRecord.Configured;
        if (asks) {
            giveUp(waiting, why);
        } else {
            hold(waiting, why);
        }
    }

    private void hold(Waiting waiting, String why) {
        if (held.size() == MAX_HELD) {
            giveUp(waiting, why);
        } else {
            held.add(waiting);
        }
    }

    private static boolean isReload(AuditRecord record) {
        return record instanceof AuditRecord.Configured configured && configured.occasion() == Occasion.RELOAD;
    }

    /** Whether the writer makes such a record again by itself. */
    private static boolean isSaidAgain(AuditRecord record) {
        return record instanceof AuditRecord.Gap
                || record instanceof AuditRecord.Checkpoint
                || (record instanceof AuditRecord.Clock clock && clock.occasion() == AuditRecord.Clock.Moment.REPEATED)
                || (record instanceof AuditRecord.Configured configured && configured.occasion() == Occasion.SEGMENT);
    }

    /** Gives up a record that found no room in the queue. Thread-safe. */
    void overflow(Waiting waiting) {
        if (overflowing.compareAndSet(false, true)) {
            LOG.error("{} is written too slowly, and no more records can wait. {}", sink, consequence());
        }
        giveUp(waiting, "too many records wait");
    }

    /** There is room again. */
    void caughtUp() {
        overflowing.set(false);
    }

    /** Counts a record as lost, and completes its future. Thread-safe. */
    void giveUp(Waiting waiting, String why) {
        losses.add(clock.instant(), why);
        // A changed configuration that the trail does not have is not put in force, whatever happens to requests.
        boolean needed = waiting.record().filter(Outage::isReload).isPresent();
        if (onFailure == OnFailure.CONTINUE && !needed) {
            waiting.written().complete(null);
        } else {
            waiting.written().completeExceptionally(new AuditUnavailableException(why));
        }
    }

    /** The writer has ended: all held records are given up. */
    void endForGood(String why) {
        over = false;
        for (Waiting waiting = held.poll(); waiting != null; waiting = held.poll()) {
            giveUp(waiting, why);
        }
    }

    /** All lost lines since the start. Thread-safe. */
    long lost() {
        return losses.total();
    }
}
