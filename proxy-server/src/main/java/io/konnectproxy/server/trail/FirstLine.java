package io.konnectproxy.server.trail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Where a segment belongs: its first line says it. */
final class FirstLine {
    private FirstLine() {}

    /**
     * The number of the first line.
     *
     * @return 0 when the file does not begin with a line of the trail
     */
    static long seqOf(Path file) throws IOException {
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            return lines.next() && line.read(lines.bytes(), lines.from(), lines.end()) ? line.seq() : 0;
        } catch (ZipException e) {
            // Begins like a compressed file and is none.
            return 0;
        }
    }
}
