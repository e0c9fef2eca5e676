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
 * Reads what is added to the current file of a trail. A file that is moved away is read to its end before the next one of
 * its name is begun. One thread.
 */
public final class TrailFollower implements Closeable {
    private final Path path;
    private LineReader lines;
    /** Tells the open file from another one of the same name; null where the file system has no such thing. */
    private @Nullable Object key;

    private TrailFollower(Path path, LineReader lines, @Nullable Object key) {
        this.path = path;
        this.lines = lines;
        this.key = key;
    }

    /**
     * Begins a few lines before the end.
     *
     * @param last how many of those that are wanted
     * @throws TrailException when the file can't be read, or is compressed
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
     * The next line that has an end, without its line feed.
     *
     * @return empty when there is none now
     * @throws TrailException when the file can't be read
     */
    public Optional<String> next() throws TrailException {
        try {
            if (lines.next() || (isReplaced() && nextAfterReplacement())) {
                return Optional.of(new String(
                        lines.bytes(), lines.from(), lines.end() - lines.from(), StandardCharsets.ISO_8859_1));
            }
            // A proxy that starts takes a torn end out of the file and goes on in its place.
            lines.dropUnfinished();
            return Optional.empty();
        } catch (IOException e) {
            throw FileWords.unreadable(path, e);
        }
    }

    /** Whether another file has the name now, or this one was emptied. A name that nobody has will be had again. */
    private boolean isReplaced() throws IOException {
        try {
            return !Objects.equals(keyOf(path), key) || lines.size() < lines.position() - lines.unfinished();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** What was written before it was moved away comes first. */
    private boolean nextAfterReplacement() throws IOException {
        if (lines.next()) {
            return true;
        }
        Object successorKey = keyOf(path);
        LineReader successor = LineReader.open(path, 0);
        if (!Objects.equals(keyOf(path), successorKey)) {
            // Moved away again at this very moment: which of them was opened, nobody knows. Next time.
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
