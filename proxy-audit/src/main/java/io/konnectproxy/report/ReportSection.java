package io.konnectproxy.report;

import java.util.List;

/**
 * A part of the report, the same for all that people read.
 *
 * @param id a word, to link to
 */
record ReportSection(String id, String title, List<Note> notes, List<Grid> grids) {
    ReportSection {
        notes = List.copyOf(notes);
        grids = List.copyOf(grids);
    }
}
