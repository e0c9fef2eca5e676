package io.konnectproxy.report;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.trail.event.Pin;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a report.
 *
 * @param newSince targets first permitted from then on are listed as new; empty for no such list
 * @param pins the pins whose use is reported; empty for those of the trail's last configuration
 * @param catalog finds the purpose, region and tenant of a refused target, whose line names no rule
 * @param top the most rows of a table; the rest is one sum
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
