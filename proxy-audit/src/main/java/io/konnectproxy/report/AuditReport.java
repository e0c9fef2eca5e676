package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.util.Optional;

/**
 * The figures of a report. The builder that made it is not used any more.
 *
 * @param newTargets empty when nobody asked since when
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
    /** The beginning that was asked for, or the first line's time. */
    public Optional<Long> from() {
        return query.period().since().map(Micros::of).or(() -> known(input.first()));
    }

    /** The end that was asked for, as far as it is not in the future, or the last line's time. */
    public Optional<Long> until() {
        Optional<Long> last = known(input.last());
        long now = Math.max(Micros.of(query.now()), last.orElse(Long.MIN_VALUE));
        Optional<Long> asked = query.period().until().map(Micros::of).map(until -> Math.min(until, now));
        // A beginning that was asked for without an end means until now, whether there are lines or not.
        Optional<Long> unending = query.period().since().isPresent() ? Optional.of(now) : last;
        return asked.or(() -> unending)
                .filter(until -> from().map(from -> from <= until).orElse(true));
    }

    private static Optional<Long> known(long time) {
        return time == Long.MAX_VALUE || time == Long.MIN_VALUE ? Optional.empty() : Optional.of(time);
    }
}
