package io.konnectproxy.report;

import io.konnectproxy.trail.LineReader;
import io.konnectproxy.trail.Segment;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files of a trail into the builder of a report. */
public final class TrailReading {
    private TrailReading() {}

    /**
     * Reads all files, in the order of their lines. A file that cannot be read to its end is reported as far as it was
     * read.
     *
     * @param arguments files and directories
     * @return a sentence for each file that could not be read to its end
     * @throws TrailException when there is nothing to report on
     */
    public static List<String> of(List<Path> arguments, ReportBuilder builder) throws TrailException {
        try (Segments segments = Segments.of(arguments)) {
            return read(segments, builder);
        }
    }

    private static List<String> read(Segments segments, ReportBuilder builder) {
        segments.passedOver().forEach(file -> builder.passedOver(file.file().toString(), file.why()));
        List<String> troubles = new ArrayList<>();
        for (Segment segment : segments.inOrder()) {
            String name = String.valueOf(segment.file().getFileName());
            long read = 0;
            try (LineReader lines = segments.open(segment)) {
                while (lines.next()) {
                    read = lines.number();
                    builder.line(lines.bytes(), lines.from(), lines.end(), name, read);
                }
                if (lines.unfinished() > 0) {
                    builder.unfinished(name, read + 1, lines.unfinished());
                }
            } catch (IOException e) {
                builder.brokenOff(name, read + 1);
                troubles.add(segment.file() + " could not be read beyond line " + read
                        + ", so the report lacks what follows: "
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ".");
            }
            builder.segment(name, read);
        }
        return troubles;
    }
}
