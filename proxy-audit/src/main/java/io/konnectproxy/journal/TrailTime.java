package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Clock.Moment;
import io.konnectproxy.trail.RecordedTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that is known to have passed, on which the removal of files depends. It follows the system's clock as long as that
 * agrees with the monotonic clock, and at a start with the last line of the trail. A jump of the clock is not counted, so that a
 * wrong clock removes no evidence. Thread-safe.
 */
final class TrailTime {
    /** What clocks are set by without anybody being wrong. */
    static final Duration STEP = Duration.ofMinutes(5);

    /** Between the last line and a start: a proxy that was down for so long was just down. */
    static final Duration MOST_DOWNTIME = Duration.ofDays(2);

    private static final Logger LOG = LoggerFactory.getLogger(TrailTime.class);

    private final Clocks source;
    private final Duration downtime;
    /** What the clock said when it was believed last, and when that was. */
    private Instant believed;

    private long since;
    private boolean leapt;
    /** By how much the clock is ahead of the time that was seen passing. */
    private Duration ahead = Duration.ZERO;

    /** @param keepFor how long files are kept; a tenth of it is the most that a start is believed */
    TrailTime(Clocks source, Optional<Duration> keepFor) {
        this.source = source;
        this.downtime = keepFor.map(keep -> keep.dividedBy(10))
                .filter(tenth -> tenth.compareTo(MOST_DOWNTIME) < 0)
                .orElse(MOST_DOWNTIME);
        this.believed = source.clock().instant();
        this.since = source.nanos().getAsLong();
    }

    /** A start goes on where the trail ends. */
    synchronized Optional<AuditRecord> goOn(RecordedTime last) {
        // A small remainder of a correction is dropped: a start tolerates more than that.
        ahead = last.ahead().abs().compareTo(STEP) <= 0 ? Duration.ZERO : last.ahead();
        Duration gap = Duration.between(last.line(), believed);
        leapt = gap.compareTo(downtime) > 0;
        boolean plausible = !leapt && gap.compareTo(STEP.negated()) >= 0;
        return plausible ? Optional.empty() : Optional.of(jumped(gap, Moment.START, downtime, downtime));
    }

    /** Looks whether the clock has jumped since the last look. */
    synchronized Optional<AuditRecord> look() {
        Instant now = source.clock().instant();
        long nanos = source.nanos().getAsLong();
        Duration off = Duration.between(believed.plusNanos(nanos - since), now);
        if (off.abs().compareTo(STEP) <= 0) {
            return Optional.empty();
        }
        believed = now;
        since = nanos;
        // No tolerance forward: minutes that are tolerated again and again would add up to days.
        return Optional.of(jumped(off, Moment.RUNNING, STEP, Duration.ZERO));
    }

    /**
     * Records a jump.
     *
     * @param behind how far a clock that was set right again may be behind
     * @param before how far it may be ahead; time that did not pass counts then
     */
    private AuditRecord jumped(Duration by, Moment occasion, Duration behind, Duration before) {
        ahead = ahead.plus(by);
        if (ahead.compareTo(behind.negated()) >= 0 && ahead.compareTo(before) <= 0) {
            ahead = Duration.ZERO;
        }
        Instant expected = believed.minus(by);
        if (occasion == Moment.START && !by.isNegative()) {
            LOG.info(
                    "From {} to {}, between the last line of the audit trail and this start, time passed or the clock"
                            + " jumped. For audit.rotate.keep-for that does not count: the audit trail goes on from {}.",
                    expected,
                    believed,
                    believed.minus(ahead));
        } else {
            LOG.warn(
                    "The clock jumped from {} to {}{}. What it jumped by does not count for audit.rotate.keep-for: the"
                            + " audit trail counts {}.",
                    expected,
                    believed,
                    occasion == Moment.START ? " between the last line of the audit trail and this start" : "",
                    believed.minus(ahead));
        }
        return new AuditRecord.Clock(believed, occasion, expected, believed.minus(ahead));
    }

    /** What the trail repeats where the clock is ahead or behind. */
    synchronized Optional<AuditRecord> repeated(Instant now) {
        return ahead.isZero()
                ? Optional.empty()
                : Optional.of(new AuditRecord.Clock(now, Moment.REPEATED, now, now.minus(ahead)));
    }

    /** Whether the clock had gone forward at the start, as it does while a machine is off. */
    synchronized boolean hasLeapt() {
        return leapt;
    }

    synchronized Duration ahead() {
        return ahead;
    }

    /** The clock, jumped or not. */
    Instant clock() {
        return source.clock().instant();
    }

    /** The time as it was seen passing. */
    synchronized Instant counted() {
        return believed.minus(ahead).plusNanos(source.nanos().getAsLong() - since);
    }

    static LocalDate day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }
}
