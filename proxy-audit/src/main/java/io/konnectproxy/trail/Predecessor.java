package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The segment that a new, still empty current file goes on from.
 *
 * @param file where it lies
 * @param end how it ends, and what the next line is bound to
 */
public record Predecessor(Path file, TrailEnd end) {
    /**
     * Finds it among the rotated files beside the current one: the one whose first line has the highest number. Of a file
     * and its compressed copy, which lie side by side when compressing was interrupted, the plain one counts.
     *
     * @throws IOException when the directory or one of the files cannot be read
     */
    public static Optional<Predecessor> of(Path current) throws IOException {
        Optional<Path> best = Optional.empty();
        long highest = 0;
        for (Path file : Siblings.of(current)) {
            long seq = firstSeq(file);
            boolean plainer = seq == highest && best.isPresent() && Compression.of(best.get());
            if (seq > highest || (plainer && seq > 0)) {
                highest = seq;
                best = Optional.of(file);
            }
        }
        return best.isPresent() ? Optional.of(new Predecessor(best.get(), TrailEnd.of(best.get()))) : Optional.empty();
    }

    /** 0 for what has no whole line: nothing goes on from there. */
    private static long firstSeq(Path file) throws IOException {
        try {
            long seq = Segment.firstSeqOf(file).orElse(0);
            return seq == Segment.LAST ? 0 : seq;
        } catch (EOFException | ZipException e) {
            // Compressing it was interrupted, or it is none of ours.
            return 0;
        }
    }
}
