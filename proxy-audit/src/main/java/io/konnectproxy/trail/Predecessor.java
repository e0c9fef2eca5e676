package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The segment that a new and still empty current file continues.
 *
 * @param file the file of the segment
 * @param end the end of the segment, with the link of the next line
 */
public record Predecessor(Path file, TrailEnd end) {
    /**
     * Finds the rotated file whose first line has the highest sequence number. If a file and its compressed copy both exist,
     * because compression was interrupted, the uncompressed file is used.
     *
     * @throws IOException if the directory or one of the files cannot be read
     */
    public static Optional<Predecessor> of(Path current) throws IOException {
        Optional<Path> best = Optional.empty();
        long highest = 0;
        for (Path file : Siblings.of(current)) {
            long seq = firstSeq(file);
            boolean uncompressed = seq == highest && best.isPresent() && Compression.of(best.get());
            if (seq > highest || (uncompressed && seq > 0)) {
                highest = seq;
                best = Optional.of(file);
            }
        }
        return best.isPresent() ? Optional.of(new Predecessor(best.get(), TrailEnd.of(best.get()))) : Optional.empty();
    }

    /** 0 for a file without a complete line, which cannot be continued. */
    private static long firstSeq(Path file) throws IOException {
        try {
            long seq = Segment.firstSeqOf(file).orElse(0);
            return seq == Segment.LAST ? 0 : seq;
        } catch (EOFException | ZipException e) {
            // Its compression was interrupted, or it is not a file of the trail.
            return 0;
        }
    }
}
