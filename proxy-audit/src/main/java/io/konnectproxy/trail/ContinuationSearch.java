package io.konnectproxy.trail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files in which a trail goes on behind the lines that were shown: finished ones that were missed, and last the current
 * one. For one use; not thread-safe.
 */
final class ContinuationSearch {
    private final Path path;
    private final ShownLines shown;
    private final String since;
    private final Consumer<String> notices;
    /** Whether it was told that the finished files cannot be read. */
    private boolean told;

    /**
     * @param shown is left with the lines that still are in the trail
     * @param since the time of the last line that was shown
     */
    ContinuationSearch(Path path, ShownLines shown, String since, Consumer<String> notices) {
        this.path = path;
        this.shown = shown;
        this.since = since;
        this.notices = notices;
    }

    /**
     * The files in their order.
     *
     * @param key distinguishes the current file from another one of the same name; null if the file system has no file keys
     * @param settled whether the current file had a line, so that it is known to be the one behind the others
     */
    record Continuation(@Nullable Object key, Deque<Part> parts, Segments finished, boolean settled) {
        void close() {
            finished.close();
        }
    }

    /**
     * A file to read.
     *
     * @param old the lines at its beginning that are not shown
     */
    record Part(Opener file, Optional<Predicate<TrailLine>> old) {}

    /** Opens a file when it is needed. */
    interface Opener {
        LineReader open() throws IOException;
    }

    static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * Searches.
     *
     * @return empty if there is no current file now, or if it is replaced at this moment
     * @throws IOException if a file cannot be read
     */
    Optional<Continuation> find() throws IOException {
        LineReader current = null;
        Optional<Continuation> found = Optional.empty();
        try {
            Object key = keyOf(path);
            current = LineReader.open(path, 0);
            found = Optional.of(behind(current, key));
            if (Objects.equals(keyOf(path), key)) {
                return found;
            }
        } catch (NoSuchFileException e) {
            // A rotation is under way, or the directory is gone. A later search finds the file.
        }
        found.ifPresent(Continuation::close);
        if (current != null) {
            current.close();
        }
        return Optional.empty();
    }

    private Continuation behind(LineReader current, @Nullable Object key) throws IOException {
        Deque<Part> parts = new ArrayDeque<>();
        Link last = shown.last();
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(path, 0)) {
            boolean rotated = lines.next()
                    && line.read(lines.bytes(), lines.from(), lines.end())
                    && line.seq() == last.seq() + 1
                    && line.prev().equals(last.hash());
            if (shown.isEmpty() || rotated) {
                parts.add(new Part(() -> current, Optional.empty()));
                return new Continuation(key, parts, Segments.none(), true);
            }
        }
        return searched(current, key, parts);
    }

    private Continuation searched(LineReader current, @Nullable Object key, Deque<Part> parts) throws IOException {
        boolean begun;
        long begin;
        try (LineReader lines = LineReader.open(path, 0)) {
            begin = Segment.firstOf(lines).map(Segment.First::seq).orElse(Segment.LAST);
            begun = lines.number() > 0;
        }
        Optional<Link> inCurrent = standing(LineReader.open(path, 0));
        Optional<Link> standing = inCurrent.isPresent() ? inCurrent : lastFinished();
        boolean another = standing.isEmpty() && begin <= shown.last().seq();
        shown.forgetAfter(standing.map(Link::seq).orElse(another ? 0 : Segment.LAST));
        Segments finished = inCurrent.isPresent() ? Segments.none() : siblings();
        for (Segment segment : another ? newer(finished, begin) : behindShown(finished)) {
            parts.add(new Part(() -> finished.open(segment), oldLines(segment, another)));
        }
        long behind = shown.last().seq();
        parts.add(new Part(
                () -> current, inCurrent.isPresent() ? Optional.of(old -> old.seq() <= behind) : Optional.empty()));
        return new Continuation(key, parts, finished, begun);
    }

    /** From the one on that has the line behind the last one that was shown. */
    private List<Segment> behindShown(Segments finished) {
        int from = 0;
        for (int i = 1; i < finished.inOrder().size(); i++) {
            if (finished.inOrder().get(i).firstSeq() <= shown.last().seq() + 1) {
                from = i;
            }
        }
        return finished.inOrder().subList(from, finished.inOrder().size());
    }

    private Optional<Predicate<TrailLine>> oldLines(Segment segment, boolean another) {
        if (another) {
            return Optional.of(line -> line.time().compareTo(since) <= 0);
        }
        long behind = shown.last().seq();
        return segment.firstSeq() <= behind ? Optional.of(line -> line.seq() <= behind) : Optional.empty();
    }

    /** Of another trail: those that have lines from after the last line that was shown. */
    private List<Segment> newer(Segments finished, long end) throws IOException {
        Deque<Segment> newer = new ArrayDeque<>();
        for (int i = finished.inOrder().size() - 1; i >= 0; i--) {
            Segment segment = finished.inOrder().get(i);
            if (segment.firstSeq() < end) {
                newer.addFirst(segment);
                if (beginsBefore(segment)) {
                    break;
                }
            }
        }
        return List.copyOf(newer);
    }

    private boolean beginsBefore(Segment segment) throws IOException {
        TrailLine line = new TrailLine();
        try (LineReader lines = LineReader.open(segment.source().open())) {
            return lines.next()
                    && line.read(lines.bytes(), lines.from(), lines.end())
                    && line.time().compareTo(since) <= 0;
        } catch (NoSuchFileException | EOFException | ZipException e) {
            return false;
        }
    }

    /** The last line that was shown and is in a finished file. */
    private Optional<Link> lastFinished() throws IOException {
        Optional<Link> last = Optional.empty();
        try (Segments finished = siblings()) {
            List<Segment> all = finished.inOrder();
            for (int i = 0; i < all.size(); i++) {
                boolean tooOld = i + 1 < all.size() && all.get(i + 1).firstSeq() <= shown.oldest();
                if (!tooOld && all.get(i).firstSeq() <= shown.last().seq()) {
                    Optional<Link> found = standing(finished.open(all.get(i)));
                    last = found.isPresent() ? found : last;
                }
            }
        }
        return last;
    }

    /** The last line that was shown and is in a file. */
    private Optional<Link> standing(LineReader file) throws IOException {
        TrailLine line = new TrailLine();
        Optional<Link> last = Optional.empty();
        try (file) {
            while (file.next()) {
                if (line.read(file.bytes(), file.from(), file.end())) {
                    if (shown.has(line)) {
                        last = Optional.of(line.link());
                    }
                    if (line.seq() >= shown.last().seq()) {
                        break;
                    }
                }
            }
        } catch (EOFException | ZipException e) {
            // The file is damaged. The lines before the damage count.
        }
        return last;
    }

    /** The finished files; none where they cannot be read, which is told. */
    private Segments siblings() throws IOException {
        Path file = path.toRealPath();
        SegmentSearch search = new SegmentSearch(directory -> {
            try {
                return Siblings.of(file);
            } catch (IOException e) {
                throw FileWords.unreadable(directory, e);
            }
        });
        try {
            search.in(List.of(Objects.requireNonNull(file.getParent())));
            return search.found();
        } catch (TrailException e) {
            search.close();
            if (!told) {
                notices.accept(String.valueOf(e.getMessage()));
                told = true;
            }
            return Segments.none();
        }
    }
}
