package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The end of a file of the trail.
 *
 * @param last the link of the next line, to the last complete line with a correct hash; {@link Link#NONE} if there is none
 * @param wholeBytes the uncompressed position after that line and its line feed
 * @param tornBytes the number of bytes after it
 * @param tornBecause why these bytes are torn, as half a sentence; empty if there are none
 */
public record TrailEnd(Link last, long wholeBytes, long tornBytes, Optional<String> tornBecause) {
    private static final String NO_END = "the last line has no end";
    private static final String NOT_OF_THE_TRAIL = "the last line is not one of the trail";
    private static final String DAMAGED = "the compressed file is damaged";

    /**
     * Reads the end of a file. An uncompressed file is read backwards. A missing file is treated as an empty one.
     *
     * @throws IOException if it cannot be read
     */
    public static TrailEnd of(Path file) throws IOException {
        if (Files.notExists(file)) {
            return of(Link.NONE, 0, 0, true);
        }
        return Compression.of(file) ? readAll(file) : readEnd(file);
    }

    /**
     * Reads the end of a file to which lines will be appended.
     *
     * @throws IOException if it cannot be read, or is compressed
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
