package io.konnectproxy.report;

import java.util.List;

/**
 * A part of the report, the same for all that people read.
 *
 * @param id a word, to link to
 */
record Section(String id, String title, List<Note> notes, List<Grid> grids) {
    Section {
        notes = List.copyOf(notes);
        grids = List.copyOf(grids);
    }
}
