package io.konnectproxy.report;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.trail.event.Pin;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a report is asked for.
 *
 * @param newSince targets first permitted from then on are listed as new; empty for no such list
 * @param pins those whose use is asked for; empty for those of the trail's last configuration
 * @param catalog tells where a refused target belongs, since its line names no rule
 * @param top rows that a table has at most; the rest is one sum
 * @param now when the report is made
 */
public record ReportQuery(
        Period period,
        Optional<Instant> newSince,
        Optional<Set<Pin>> pins,
        KonnectCatalog catalog,
        int top,
        Instant now) {
    public ReportQuery {
        pins = pins.map(Set::copyOf);
    }
}
