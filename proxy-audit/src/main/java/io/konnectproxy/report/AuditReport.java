package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.util.List;
import java.util.Optional;

/** The figures of a report. The builder that made them must not be used any more. */
public final class AuditReport {
    private final ReportQuery query;
    private final ReportInput input;
    private final ReportedTrails trails;
    private final Unread unread = new Unread();
    private final TrailLosses losses;
    private final History history;
    private final Traffic traffic;
    private final OpenTunnels open = new OpenTunnels();
    private final Optional<NewTargets> newTargets;
    private final PinUse pins;
    private final RuleUse rules = new RuleUse();
    private final TurnedAway turnedAway = new TurnedAway();
    private final DataPlaneTracks dataPlanes = new DataPlaneTracks();

    AuditReport(ReportQuery query, boolean several) {
        this.query = query;
        this.trails = new ReportedTrails(several);
        this.traffic = new Traffic(several);
        this.input = new ReportInput(query.period());
        this.losses = new TrailLosses(query.period());
        this.history = new History(query.period().sinceMicros());
        this.newTargets = query.newSince().map(Micros::of).map(NewTargets::new);
        this.pins = new PinUse(query.pins());
    }

    public ReportQuery query() {
        return query;
    }

    public ReportInput input() {
        return input;
    }

    public ReportedTrails trails() {
        return trails;
    }

    public Unread unread() {
        return unread;
    }

    public TrailLosses losses() {
        return losses;
    }

    public History history() {
        return history;
    }

    public Traffic traffic() {
        return traffic;
    }

    public OpenTunnels open() {
        return open;
    }

    /** Empty where the query has no {@code newSince}. */
    public Optional<NewTargets> newTargets() {
        return newTargets;
    }

    public PinUse pins() {
        return pins;
    }

    public RuleUse rules() {
        return rules;
    }

    TurnedAway turnedAway() {
        return turnedAway;
    }

    DataPlaneTracks dataPlanes() {
        return dataPlanes;
    }

    /** What needs attention, the worst first; empty where nothing does. */
    public List<FindingGroup> findings() {
        return Findings.of(this);
    }

    /** What is known of the integrity of the lines. */
    public List<IntegrityClaim> claims() {
        return FleetClaims.of(trails);
    }

    /** Requests that are followed as of no data plane, because there were too many of them. */
    public long notFollowed() {
        return dataPlanes.notFollowed();
    }

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
