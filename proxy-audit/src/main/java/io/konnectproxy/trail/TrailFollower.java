package io.konnectproxy.trail;

import io.konnectproxy.trail.ContinuationSearch.Continuation;
import io.konnectproxy.trail.ContinuationSearch.Part;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that are appended to a trail, each once. If the current file is rotated, it is read to its end before its
 * successors are. Where the file is not the one that was read, the trail is searched for the last line that was shown. Not
 * thread-safe.
 */
public final class TrailFollower implements Closeable {
    private final Path path;
    private final Consumer<String> notices;
    private final ShownLines shown = new ShownLines();
    private final TrailLine line = new TrailLine();

    private LineReader lines;
    /** Distinguishes the current file from another one of the same name; null if the file system has no file keys. */
    private @Nullable Object key;
    /** What is read after the open file. */
    private Deque<Part> parts = new ArrayDeque<>();

    private Segments finished = Segments.none();
    /** The lines that are not shown, as long as no other one came. */
    private Optional<Predicate<TrailLine>> old = Optional.empty();
    /** Whether the next line follows the last one that was shown, whatever its number. */
    private boolean settled = true;
    /** Whether it is to be searched where the trail goes on. */
    private boolean lost;

    /** Of the last line; 0 where that is not known. */
    private long lastSeq;

    private String lastTime = "";
    /** In the current file; negative where it is not there. */
    private long lastEnd = -1;

    private String lastText = "";
    private long begin;

    private TrailFollower(Path path, Consumer<String> notices, LineReader lines, @Nullable Object key) {
        this.path = path;
        this.notices = notices;
        this.lines = lines;
        this.key = key;
    }

    /**
     * Opens a file so that a number of its last lines are read first.
     *
     * @param last the number of those lines, of the ones that are {@code wanted}
     * @param notices receives a sentence about lines that could not be shown, and about a trail that goes back
     * @throws TrailException if the file cannot be read, is none, or is compressed
     */
    public static TrailFollower open(Path path, int last, Predicate<String> wanted, Consumer<String> notices)
            throws TrailException {
        FileWords.requireFile(path);
        try {
            if (Compression.of(path)) {
                throw new TrailException(path + " is compressed, so nothing is added to it; name the current file.");
            }
            Object key = ContinuationSearch.keyOf(path);
            TrailFollower follower = new TrailFollower(path, notices, LineReader.open(path, 0), key);
            follower.begin(last, wanted);
            return follower;
        } catch (IOException e) {
            throw FileWords.unreadable(path, e);
        }
    }

    private void begin(int last, Predicate<String> wanted) throws IOException {
        try (BackwardLines backwards = new BackwardLines(path)) {
            int found = 0;
            while (backwards.previous()) {
                if (found == last) {
                    begin = backwards.end() + 1;
                    lines.close();
                    lines = LineReader.open(path, begin);
                    if (line.read(backwards.line(), 0, backwards.length())) {
                        remember(begin);
                    }
                    return;
                }
                if (wanted.test(new String(backwards.line(), 0, backwards.length(), StandardCharsets.ISO_8859_1))) {
                    found++;
                }
            }
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
            while (!lost || goOn()) {
                if (advance()) {
                    Optional<String> next = take();
                    if (next.isPresent()) {
                        return next;
                    }
                } else if (isReplaced()) {
                    lost = true;
                } else {
                    // A starting proxy removes a torn end from the file and writes the next line in its place.
                    lines.dropUnfinished();
                    return Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw FileWords.unreadable(path, e);
        }
    }

    /** Lines that were appended before a rotation come first. */
    private boolean advance() throws IOException {
        while (!parts.isEmpty()) {
            try {
                if (lines.next()) {
                    return true;
                }
            } catch (EOFException | ZipException e) {
                notices.accept("A finished file of the audit trail is damaged, and is shown as far as it goes.");
            }
            nextPart();
        }
        return lines.next() || (isReplaced() && lines.next());
    }

    private void nextPart() throws IOException {
        lines.close();
        Part part = parts.remove();
        lines = part.file().open();
        old = part.old();
        begin = 0;
        lastEnd = -1;
    }

    /** Whether another file has the name now, or the file was truncated. Without a file of that name, one is expected later. */
    private boolean isReplaced() throws IOException {
        try {
            return !Objects.equals(ContinuationSearch.keyOf(path), key)
                    || lines.size() < lines.position() - lines.unfinished();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Returns false if that cannot be said now. */
    private boolean goOn() throws IOException {
        Optional<Continuation> found = new ContinuationSearch(path, shown, lastTime, notices).find();
        if (found.isEmpty()) {
            return false;
        }
        finished.close();
        parts.clear();
        parts = found.get().parts();
        finished = found.get().finished();
        key = found.get().key();
        settled = found.get().settled();
        lost = false;
        nextPart();
        return true;
    }

    /** The line that was read, if it is one to show. */
    private Optional<String> take() throws IOException {
        String text = new String(lines.bytes(), lines.from(), lines.end() - lines.from(), StandardCharsets.ISO_8859_1);
        boolean ofTrail = line.read(lines.bytes(), lines.from(), lines.end());
        if (old.isPresent() && (!ofTrail || old.get().test(line))) {
            return Optional.empty();
        }
        boolean follows = ofTrail
                && line.seq() == lastSeq + 1
                && line.prev().equals(shown.last().hash());
        boolean first = old.isPresent() || lastEnd < 0;
        if (!follows && !shown.isEmpty() && parts.isEmpty() && !(first ? settled : isLastInPlace())) {
            lost = true;
            return Optional.empty();
        }
        old = Optional.empty();
        settled = true;
        if (ofTrail) {
            tellJump();
            remember(begin + lines.passed());
        } else {
            lastSeq = 0;
            lastEnd = begin + lines.passed();
            lastText = text;
        }
        return Optional.of(text);
    }

    private void tellJump() {
        if (lastSeq > 0 && line.seq() <= lastSeq) {
            notices.accept("The audit trail goes back: line " + line.seq() + " comes after line " + lastSeq + ".");
        } else if (lastSeq > 0 && line.seq() == lastSeq + 2) {
            notices.accept("Line " + (lastSeq + 1) + " of the audit trail was removed before it could be shown.");
        } else if (lastSeq > 0 && line.seq() > lastSeq + 2) {
            notices.accept("Lines " + (lastSeq + 1) + " to " + (line.seq() - 1)
                    + " of the audit trail were removed before they could be shown.");
        }
    }

    private void remember(long end) {
        shown.add(line.link());
        lastSeq = line.seq();
        lastTime = line.time();
        lastText = line.text();
        lastEnd = end;
    }

    /** A file that was truncated may have grown beyond what it was. */
    private boolean isLastInPlace() throws IOException {
        ByteBuffer there = ByteBuffer.allocate(lastText.length());
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long at = lastEnd - 1 - lastText.length();
            while (there.hasRemaining() && file.read(there, at + there.position()) >= 0) {
                // Reads on.
            }
        } catch (NoSuchFileException e) {
            // Rotated since: what was read comes from the file that was open.
            return true;
        }
        return new String(there.array(), StandardCharsets.ISO_8859_1).equals(lastText);
    }

    @Override
    public void close() throws IOException {
        finished.close();
        lines.close();
    }
}
