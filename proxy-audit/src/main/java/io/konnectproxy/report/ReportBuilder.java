package io.konnectproxy.report;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.Printable;

/**
 * Adds up trails, line by line: those of each trail in its order, those of several trails in the order of their times. Its memory does not
 * grow with the trails: every table has a bound, and reports what exceeded it ({@link Ranking}). Not thread-safe.
 */
final class ReportBuilder {
    private final AuditReport report;
    private final EventReader reader;
    private final Places places;

    /** @param several whether it is on several trails; then it tells the proxies apart */
    ReportBuilder(ReportQuery query, boolean several) {
        this.report = new AuditReport(query, several);
        this.reader = new EventReader(report.unread()::field);
        this.places = new Places(query.catalog());
    }

    /**
     * Begins a trail.
     *
     * @param proxy the name of the proxy that wrote it; not used in a report on one trail
     */
    TrailTotals trail(String proxy) {
        return new TrailTotals(report, report.trails().begin(Printable.of(proxy)), reader, places);
    }

    /** Adds a file that is not part of a trail. */
    void passedOver(String name, String why) {
        report.input().passedOver(name, why);
    }

    /** The report on all lines so far. */
    AuditReport build() {
        return report;
    }
}
