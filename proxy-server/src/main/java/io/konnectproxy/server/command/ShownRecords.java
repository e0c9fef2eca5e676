package io.konnectproxy.server.command;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.List;
import java.util.Optional;

/** Formats the lines of a trail as {@code audit tail} does. Not thread-safe. */
final class ShownRecords {
    private final RecordFilter all =
            new RecordFilter(List.of(), false, Optional.empty(), Optional.empty(), Optional.empty());
    private final RecordLine form;

    ShownRecords(boolean coloured) {
        this.form = new RecordLine(coloured);
    }

    String of(String line) {
        try {
            EventReader.EventLine read = new EventReader().read(line);
            all.hear(read.event());
            return form.of(read, all.clientOf(read.event()));
        } catch (UnreadableLineException e) {
            return form.unreadable(line);
        }
    }
}
