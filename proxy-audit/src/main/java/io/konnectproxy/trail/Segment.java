package io.konnectproxy.trail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A file of the trail.
 *
 * @param firstSeq the sequence number of its first line, by which segments are ordered
 */
public record Segment(Path file, long firstSeq) {
    /** The sequence number of a file whose first line is incomplete. Such a file is the last one. */
    static final long LAST = Long.MAX_VALUE;

    /** Lines to examine, so that a damaged first line does not hide the lines after it. */
    private static final int LOOK_AT = 1000;

    private static final byte[] BEGIN = LineForm.BEGIN.getBytes(StandardCharsets.US_ASCII);

    /**
     * The sequence number of the first line of a file, computed from its first valid line.
     *
     * @return empty if the file is not one of a trail
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
