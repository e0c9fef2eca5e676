package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * How a file of the trail ends.
 *
 * @param last what the next line is bound to: the last whole line whose own hash fits; {@link Link#NONE} if there is none
 * @param wholeBytes where that line ends, with its line feed (of a compressed file: of what it says)
 * @param tornBytes what stands behind it
 * @param tornBecause half a sentence; empty when nothing is torn
 */
public record TrailEnd(Link last, long wholeBytes, long tornBytes, Optional<String> tornBecause) {
    private static final String NO_END = "the last line has no end";
    private static final String NOT_OF_THE_TRAIL = "the last line is not one of the trail";
    private static final String DAMAGED = "the compressed file is damaged";

    /**
     * Reads how a file ends: of a plain one, no more than its end. A missing file is like an empty one.
     *
     * @throws IOException when it cannot be read
     */
    public static TrailEnd of(Path file) throws IOException {
        if (Files.notExists(file)) {
            return of(Link.NONE, 0, 0, true);
        }
        return Compression.of(file) ? readAll(file) : readEnd(file);
    }

    /**
     * Reads it of a file that lines are to be added to.
     *
     * @throws IOException when it cannot be read, or is compressed
     */
    public static TrailEnd ofCurrent(Path file) throws IOException {
        if (Compression.of(file)) {
            throw new IOException("is a compressed file");
        }
        return of(file);
    }

    private static TrailEnd readEnd(Path file) throws IOException {
        TrailLine line = new TrailLine();
        try (BackwardLines lines = new BackwardLines(file)) {
            boolean hasEnd = lines.endsWithLineFeed();
            while (lines.previous()) {
                if (line.read(lines.line(), 0, lines.length()) && line.hashFits()) {
                    return of(line.link(), lines.end() + 1, lines.size(), hasEnd);
                }
            }
            return of(Link.NONE, 0, lines.size(), hasEnd);
        }
    }

    private static TrailEnd readAll(Path file) throws IOException {
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(file)) {
            Link last = Link.NONE;
            long whole = 0;
            try {
                while (lines.next()) {
                    if (line.read(lines.bytes(), lines.from(), lines.end()) && line.hashFits()) {
                        last = line.link();
                        whole = lines.passed();
                    }
                }
            } catch (EOFException | ZipException e) {
                long behind = lines.passed() + lines.unfinished() - whole;
                return new TrailEnd(last, whole, behind, Optional.of(DAMAGED));
            }
            return of(last, whole, lines.passed() + lines.unfinished(), lines.unfinished() == 0);
        }
    }

    private static TrailEnd of(Link last, long whole, long size, boolean hasEnd) {
        Optional<String> because = size == whole ? Optional.empty() : Optional.of(hasEnd ? NOT_OF_THE_TRAIL : NO_END);
        return new TrailEnd(last, whole, size - whole, because);
    }
}
