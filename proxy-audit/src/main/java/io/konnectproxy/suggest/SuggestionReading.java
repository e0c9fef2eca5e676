package io.konnectproxy.suggest;

import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.Trail;
import io.konnectproxy.trail.Trails;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;

/** Reads the files of trails for a suggestion. */
public final class SuggestionReading {
    private SuggestionReading() {}

    /** Reads all files, in the order of their lines. The suggestion says which could not be read to their end. */
    public static void of(Trails trails, SuggestionBuilder builder) {
        for (Trail trail : trails.all()) {
            for (Segment segment : trail.segments().inOrder()) {
                read(trail.segments(), segment, builder);
            }
            if (trail.segments().inOrder().isEmpty()) {
                builder.unread("Of trail " + trail.id().orElse("(version 1)")
                        + " the archive has checkpoints, and none of its files.");
            }
        }
    }

    private static void read(Segments segments, Segment segment, SuggestionBuilder builder) {
        String name = Printable.of(segment.fileName());
        long read = 0;
        try (LineReader lines = segments.open(segment)) {
            while (lines.next()) {
                read = lines.number();
                builder.line(lines.bytes(), lines.from(), lines.end(), name + ":" + read);
            }
            if (lines.unfinished() > 0) {
                builder.unread(name + " ends in a line that is still being written, or torn.");
            }
        } catch (IOException e) {
            builder.unread(
                    name + " cannot be read beyond line " + read + ": " + Printable.of(FileWords.reason(e)) + ".");
        }
    }
}
