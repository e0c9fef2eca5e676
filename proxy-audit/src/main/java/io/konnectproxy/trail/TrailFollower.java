package io.konnectproxy.trail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that are appended to the current file of a trail. If the file is rotated, it is read to its end before its
 * successor is opened. Not thread-safe.
 */
public final class TrailFollower implements Closeable {
    private final Path path;
    private LineReader lines;
    /** Distinguishes the open file from another one of the same name; null if the file system has no file keys. */
    private @Nullable Object key;

    private TrailFollower(Path path, LineReader lines, @Nullable Object key) {
        this.path = path;
        this.lines = lines;
        this.key = key;
    }

    /**
     * Opens a file so that a number of its last lines are read first.
     *
     * @param last the number of those lines, of the ones that are {@code wanted}
     * @throws TrailException if the file cannot be read, or is compressed
     */
    public static TrailFollower open(Path path, int last, Predicate<String> wanted) throws TrailException {
        try {
            if (Compression.of(path)) {
                throw new TrailException(path + " is compressed, so nothing is added to it; name the current file.");
            }
            Object key = keyOf(path);
            return new TrailFollower(path, LineReader.open(path, beginOf(path, last, wanted)), key);
        } catch (IOException e) {
            throw FileWords.unreadable(path, e);
        }
    }

    private static long beginOf(Path path, int last, Predicate<String> wanted) throws IOException {
        try (BackwardLines backwards = new BackwardLines(path)) {
            long begin = 0;
            int found = 0;
            while (backwards.previous()) {
                if (found == last) {
                    return backwards.end() + 1;
                }
                begin = backwards.begin();
                if (wanted.test(new String(backwards.line(), 0, backwards.length(), StandardCharsets.ISO_8859_1))) {
                    found++;
                }
            }
            return begin;
        }
    }

    /**
     * The next complete line, without its line feed.
     *
     * @return empty if there is none now
     * @throws TrailException if the file cannot be read
     */
    public Optional<String> next() throws TrailException {
        try {
            if (lines.next() || (isReplaced() && nextAfterReplacement())) {
                return Optional.of(new String(
                        lines.bytes(), lines.from(), lines.end() - lines.from(), StandardCharsets.ISO_8859_1));
            }
            // A starting proxy removes a torn end from the file and writes the next line in its place.
            lines.dropUnfinished();
            return Optional.empty();
        } catch (IOException e) {
            throw FileWords.unreadable(path, e);
        }
    }

    /** Whether another file has the name now, or the file was truncated. Without a file of that name, one is expected later. */
    private boolean isReplaced() throws IOException {
        try {
            return !Objects.equals(keyOf(path), key) || lines.size() < lines.position() - lines.unfinished();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Lines that were appended before the rotation come first. */
    private boolean nextAfterReplacement() throws IOException {
        if (lines.next()) {
            return true;
        }
        Object successorKey = keyOf(path);
        LineReader successor = LineReader.open(path, 0);
        if (!Objects.equals(keyOf(path), successorKey)) {
            // Another rotation: it is not known which of the files was opened. The next call tries again.
            successor.close();
            return false;
        }
        lines.close();
        lines = successor;
        key = successorKey;
        return lines.next();
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
