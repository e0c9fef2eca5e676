package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A file of the trail.
 *
 * @param firstSeq the number of its first line, which gives it its place among the others
 */
public record Segment(Path file, long firstSeq) {
    /** Where a file stands whose first line was being written, or broke off: nothing comes after that. */
    static final long LAST = Long.MAX_VALUE;

    /** A damaged first line must not hide the lines after it. */
    private static final int LOOK_AT = 1000;

    private static final byte[] BEGIN = LineForm.BEGIN.getBytes(StandardCharsets.US_ASCII);

    /**
     * Finds out whether a file is one of the trail.
     *
     * @return the number of its first line, by the first whole one; empty when it has nothing of a trail
     */
    static OptionalLong firstSeqOf(Path file) throws IOException {
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            while (lines.number() < LOOK_AT && lines.next()) {
                if (line.read(lines.bytes(), lines.from(), lines.end())) {
                    return OptionalLong.of(Math.max(1, line.seq() - lines.number() + 1));
                }
            }
            return lines.number() == 0 && lines.unfinishedBegins(BEGIN) ? OptionalLong.of(LAST) : OptionalLong.empty();
        }
    }
}
