package io.konnectproxy.suggest;

import io.konnectproxy.trail.FileWords;
import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailException;
import io.konnectproxy.trail.event.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the files of a trail for a suggestion. */
public final class SuggestionReading {
    private SuggestionReading() {}

    /**
     * Reads all files, in the order of their lines. The suggestion says which could not be read to their end.
     *
     * @param arguments files and directories
     * @throws TrailException when there is no trail
     */
    public static void of(List<Path> arguments, SuggestionBuilder builder) throws TrailException {
        try (Segments segments = Segments.of(arguments)) {
            for (Segment segment : segments.inOrder()) {
                read(segments, segment, builder);
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
