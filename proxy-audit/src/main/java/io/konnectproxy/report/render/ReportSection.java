package io.konnectproxy.report.render;

import java.util.List;
import java.util.Optional;

/**
 * A part of the report, the same for all that people read.
 *
 * @param id a word, to link to
 * @param chart stands at the end
 */
record ReportSection(String id, String title, List<Note> notes, List<Grid> grids, Optional<Chart> chart) {
    ReportSection {
        notes = List.copyOf(notes);
        grids = List.copyOf(grids);
    }

    ReportSection(String id, String title, List<Note> notes, List<Grid> grids) {
        this(id, title, notes, grids, Optional.empty());
    }

    /** A section that is a drawing and nothing else. */
    ReportSection(String id, String title, Chart chart) {
        this(id, title, List.of(), List.of(), Optional.of(chart));
    }

    /** Whether only the page has it. */
    boolean isIllustration() {
        return chart.isPresent() && chart.get().isIllustration();
    }
}
