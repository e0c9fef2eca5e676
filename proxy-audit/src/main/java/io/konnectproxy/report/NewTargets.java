package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.HashSet;
import java.util.Set;

/** Targets that were let through for the first time since a date. Refused targets do not count. */
public final class NewTargets {
    /** The most targets from before the date that are kept, about 20 MB. */
    private static final int KNOWN = 100_000;

    private final long since;
    private final Set<String> known = new HashSet<>();
    private final Ranking<String> found = new Ranking<>();
    private boolean linesBefore;
    private boolean knownAreTooMany;

    /** @param since in microseconds */
    NewTargets(long since) {
        this.since = since;
    }

    /** Must be called for every line: without lines from before the date the list has no meaning. */
    void seen(long time) {
        linesBefore |= time < since;
    }

    void count(Decision decision, ReportedTrail trail) {
        if (decision.judgement() == Ruling.REFUSED || decision.targetOfTunnel().isEmpty()) {
            return;
        }
        String target = decision.targetOfTunnel().get();
        if (decision.time() >= since) {
            if (!known.contains(target)) {
                Tally tally = found.of(target);
                tally.count(decision.judgement(), decision.time());
                tally.at(trail);
            }
        } else if (known.size() < KNOWN) {
            known.add(target);
        } else if (!known.contains(target)) {
            knownAreTooMany = true;
        }
    }

    public long since() {
        return since;
    }

    /** Empty where no line is from before the date. */
    public Ranking<String> found() {
        return linesBefore ? found : new Ranking<>();
    }

    /** Whether any line is from before the date. Without one every target would be new. */
    public boolean hasLinesBefore() {
        return linesBefore;
    }

    /** Whether some of those found may have been known before. */
    public boolean mayListKnown() {
        return knownAreTooMany;
    }
}
