package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.util.Optional;

/**
 * The figures of a report. The builder that made them must not be used any more.
 *
 * @param newTargets empty where the query has no {@code newSince}
 */
public record AuditReport(
        ReportQuery query,
        ReportInput input,
        Numbering numbering,
        Unread unread,
        TrailLosses losses,
        History history,
        Traffic traffic,
        OpenTunnels open,
        Optional<NewTargets> newTargets,
        PinUse pins) {
    /** The beginning of the query's period, or the time of the first line. */
    public Optional<Long> from() {
        return query.period().since().map(Micros::of).or(() -> known(input.first()));
    }

    /** The end of the query's period, but not in the future, or the time of the last line. */
    public Optional<Long> until() {
        Optional<Long> last = known(input.last());
        long now = Math.max(Micros.of(query.now()), last.orElse(Long.MIN_VALUE));
        Optional<Long> asked = query.period().until().map(Micros::of).map(until -> Math.min(until, now));
        // A period with a beginning and no end lasts until now, even without lines.
        Optional<Long> unending = query.period().since().isPresent() ? Optional.of(now) : last;
        return asked.or(() -> unending)
                .filter(until -> from().map(from -> from <= until).orElse(true));
    }

    private static Optional<Long> known(long time) {
        return time == Long.MAX_VALUE || time == Long.MIN_VALUE ? Optional.empty() : Optional.of(time);
    }
}
