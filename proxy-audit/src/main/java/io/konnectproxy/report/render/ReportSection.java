package io.konnectproxy.report.render;

import java.util.List;
import java.util.Optional;

/**
 * A section of the report, used by both text and page.
 *
 * @param id the anchor for links
 * @param chart at the end
 */
record ReportSection(String id, String title, List<Note> notes, List<Grid> grids, Optional<Chart> chart) {
    ReportSection {
        notes = List.copyOf(notes);
        grids = List.copyOf(grids);
    }

    ReportSection(String id, String title, List<Note> notes, List<Grid> grids) {
        this(id, title, notes, grids, Optional.empty());
    }

    /** A section with a chart only. */
    ReportSection(String id, String title, Chart chart) {
        this(id, title, List.of(), List.of(), Optional.of(chart));
    }

    /** Whether only the page has it. */
    boolean isIllustration() {
        return chart.isPresent() && chart.get().isIllustration();
    }
}
