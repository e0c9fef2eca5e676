package io.konnectproxy.trail;

import io.konnectproxy.trail.Segments.PassedOver.Kind;
import io.konnectproxy.trail.event.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of a trail that may be in use. It looks again and opens what is new, until nothing is: a file that was renamed
 * or compressed between two looks is found under its new name, and one that was removed is left out. For one use; not thread-safe.
 *
 * <p>A directory that is read while a file in it is renamed may show the file under neither name. A file is renamed twice: from the
 * current name to its own, and from that to the compressed one. So it can be missing in two looks in a row, but not in a third.
 */
final class SegmentSearch {
    /** More than a proxy that begins files all the time can cause. */
    private static final int MOST_LOOKS = 50;

    /** In a row, without anything new. */
    private static final int LAST_LOOKS = 3;

    static final String NO_LINE = "no line of it is one of a trail";
    private static final String EMPTY = "it is empty";
    private static final String COPY = "it is the compressed copy, perhaps unfinished, of a file beside it";
    static final String CR_LF = "its lines end in CR LF, so it was converted; verify the original";
    private static final String TORN = "what a crash left behind is kept there";
    private static final String UNFINISHED = "it is the unfinished compressed copy of a file";
    private static final String ARCHIVED = "the proxy notes there what is archived";
    private static final Set<String> LEFTOVERS = Set.of(COPY, TORN, UNFINISHED, ARCHIVED);

    private final Listing listing;
    private final Map<Object, Candidate> found = new LinkedHashMap<>();
    /** In the last look. */
    private final Set<Object> seen = new HashSet<>();

    /** False once there are no descriptors left. */
    private boolean holdsOpen = true;

    SegmentSearch() {
        this(SegmentSearch::list);
    }

    SegmentSearch(Listing listing) {
        this.listing = listing;
    }

    /** Says which files there are in a directory. What is renamed at that moment may be missing. */
    interface Listing {
        List<Path> of(Path directory) throws TrailException;
    }

    /**
     * A file.
     *
     * @param channel null if it is not held open
     * @param first the first line of a trail in it; empty if there is none
     * @param why the reason for passing it over, as half a sentence
     */
    record Candidate(Path file, @Nullable SeekableByteChannel channel, Optional<Segment.First> first, String why) {
        SegmentSource source() {
            return new LocalFile(file);
        }

        /** Of a file that is part of a trail. */
        Segment.First head() {
            return first.orElseThrow();
        }

        long seq() {
            return head().seq();
        }

        /** Whether another look may find more in it: it had no line yet, or was no finished file of the trail by its name. */
        boolean isForNow(Path now) {
            return first.isEmpty() && (!file.equals(now) || why.equals(EMPTY) || why.equals(COPY));
        }

        /** Of a file that is part of no trail. */
        Segments.PassedOver passedOver() {
            if (LEFTOVERS.contains(why)) {
                return new Segments.PassedOver(file.toString(), why, Kind.LEFTOVER);
            }
            boolean named = (why.equals(NO_LINE) && SegmentNames.isOne(file))
                    || (why.equals(EMPTY) && SegmentNames.isFinished(file));
            return new Segments.PassedOver(
                    file.toString(),
                    why + (named ? ", although its name is that of a file of a trail" : ""),
                    named || (why.equals(CR_LF) && SegmentNames.mayBeOne(file)) ? Kind.UNREAD : Kind.FOREIGN);
        }

        boolean isCompressed() {
            return CompressedName.isCompressed(file);
        }

        /** Whether it is made of the other one, which was found under this or another name. */
        boolean isCopyOf(Candidate other) {
            return isCompressed()
                    && !other.isCompressed()
                    && Objects.equals(file.getParent(), other.file.getParent())
                    && (file.equals(CompressedName.of(other.file)) || (first.isPresent() && first.equals(other.first)));
        }
    }

    void in(List<Path> arguments) throws TrailException {
        for (Path argument : arguments) {
            if (Files.isDirectory(argument)) {
                int nothingNew = 0;
                for (int look = 0; nothingNew < LAST_LOOKS && look < MOST_LOOKS; look++) {
                    seen.clear();
                    nothingNew = look(listing.of(argument)) ? 0 : nothingNew + 1;
                }
                forgetRemoved(argument);
            } else {
                FileWords.requireFile(argument);
                open(argument, true);
            }
        }
    }

    /**
     * What was removed between two looks is no part of the trail any more, and between it and what is left there may be a hole. The
     * oldest are removed first. What else the last look has not seen was renamed while the directory was read, and is kept.
     */
    private void forgetRemoved(Path directory) {
        Map<Optional<String>, Long> oldest = new HashMap<>();
        found.entrySet().stream()
                .filter(entry -> seen.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().first().stream())
                .forEach(first -> oldest.merge(first.trail(), first.seq(), Math::min));
        found.entrySet().removeIf(entry -> {
            Candidate file = entry.getValue();
            boolean removed = directory.equals(file.file().getParent())
                    && !seen.contains(entry.getKey())
                    && file.first().isPresent()
                    && file.seq() < oldest.getOrDefault(file.head().trail(), 0L);
            if (removed && file.channel() != null) {
                close(file.channel());
            }
            return removed;
        });
    }

    static List<Path> list(Path directory) throws TrailException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> !Files.isDirectory(file) && !isEmptyHelper(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FileWords.unreadable(directory, e);
        }
    }

    /** Whether it is the lock file that the proxy creates beside the current file, or a current file that is not yet in place. */
    private static boolean isEmptyHelper(Path file) {
        String name = file.toString();
        return (name.endsWith(".lock") || name.endsWith(".next"))
                && file.toFile().length() == 0;
    }

    /** Returns whether there was something new. */
    private boolean look(List<Path> files) throws TrailException {
        boolean more = false;
        for (Path file : files) {
            more |= open(file, false);
        }
        return more;
    }

    /** Returns whether it is new, or not what it was. */
    private boolean open(Path file, boolean named) throws TrailException {
        try {
            Object key = keyOf(file);
            seen.add(key);
            Candidate before = found.get(key);
            if (before != null && !before.isForNow(file)) {
                if (!named) {
                    found.put(key, new Candidate(file, before.channel(), before.first(), before.why()));
                }
                return false;
            }
            Optional<Candidate> now = judge(file, key, named);
            now.ifPresent(candidate -> found.put(key, candidate));
            return before == null
                    || now.isEmpty()
                    || now.get().first().isPresent()
                    || !now.get().why().equals(before.why());
        } catch (NoSuchFileException e) {
            if (named) {
                throw FileWords.unreadable(file, e);
            }
            // Renamed, or removed as configured.
            return true;
        } catch (EOFException e) {
            throw new TrailException(Printable.of(file.toString())
                    + " cannot be read: it is compressed, and cut off before its first line.");
        } catch (IOException e) {
            throw FileWords.unreadable(file, e);
        }
    }

    /** Returns empty where only the next look can tell. */
    private Optional<Candidate> judge(Path file, Object key, boolean named) throws IOException {
        Optional<String> helper = helper(file, named);
        if (helper.isPresent()) {
            return Optional.of(new Candidate(file, null, Optional.empty(), helper.get()));
        }
        if (!named && CompressedName.isCompressed(file) && Files.exists(CompressedName.plain(file))) {
            // It may be unfinished, so it is not read.
            Path plain = CompressedName.plain(file);
            return found.values().stream().anyMatch(other -> other.file().equals(plain))
                    ? Optional.of(new Candidate(file, null, Optional.empty(), COPY))
                    : Optional.empty();
        }
        SeekableByteChannel channel = channel(file);
        if (!key.equals(keyOf(file))) {
            // Replaced at this very moment: the next look finds both.
            channel.close();
            return Optional.empty();
        }
        return Optional.of(read(file, channel));
    }

    /** Says of a file what it is, if it is known by its name or kind. */
    private static Optional<String> helper(Path file, boolean named) {
        String name = String.valueOf(file.getFileName());
        if (name.contains(".torn-")) {
            return Optional.of(TORN);
        }
        if (CompressedName.isUnfinished(file)) {
            return Optional.of(UNFINISHED);
        }
        // Opening a pipe could block forever.
        return named || Files.isRegularFile(file) || Files.notExists(file)
                ? Optional.empty()
                : Optional.of("it is no regular file");
    }

    private SeekableByteChannel channel(Path file) throws IOException {
        try {
            return Files.newByteChannel(file);
        } catch (FileSystemException e) {
            if (!FileWords.lacksDescriptors(e)) {
                throw e;
            }
            letGo();
            return Files.newByteChannel(file);
        }
    }

    private Candidate read(Path file, SeekableByteChannel channel) throws IOException {
        try {
            // Measured first, since it may be written to at this moment.
            boolean empty = channel.size() == 0;
            Optional<Segment.First> first = Segment.firstOf(LineReader.open(channel));
            String why = empty ? EMPTY : first.isPresent() ? "" : whyNone(file, channel);
            boolean holds = holdsOpen && first.isPresent();
            if (!holds) {
                channel.close();
            }
            return new Candidate(file, holds ? channel : null, first, why);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String whyNone(Path file, SeekableByteChannel channel) throws IOException {
        if (Segment.isConverted(LineReader.open(channel.position(0)))) {
            return CR_LF;
        }
        return file.toString().endsWith(".archived") ? ARCHIVED : NO_LINE;
    }

    /** Files are opened by their names later. */
    private void letGo() {
        holdsOpen = false;
        close();
        found.replaceAll((key, file) -> new Candidate(file.file(), null, file.first(), file.why()));
    }

    /** The path where the file system has no keys. */
    private static Object keyOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toAbsolutePath().normalize() : key;
    }

    /** What was found in these. */
    Segments found(List<Path> arguments) throws TrailException {
        Segments segments = found();
        if (segments.inOrder().isEmpty()) {
            throw new TrailException("There is no line of an audit trail in "
                    + String.join(
                            ", ",
                            arguments.stream()
                                    .map(file -> Printable.of(file.toString()))
                                    .toList())
                    + ".");
        }
        return segments;
    }

    Segments found() throws TrailException {
        List<Segments.PassedOver> passedOver = new ArrayList<>();
        return segments(kept(passedOver), passedOver);
    }

    /** Those that are part of a trail; the others are given away. */
    List<Candidate> kept(List<Segments.PassedOver> passedOver) throws TrailException {
        List<Candidate> kept = new ArrayList<>();
        for (Candidate file : found.values()) {
            if (found.values().stream().anyMatch(file::isCopyOf)) {
                passOver(file, COPY, passedOver);
            } else if (file.first().isPresent()) {
                kept.add(file);
            } else {
                passedOver.add(file.passedOver());
            }
        }
        forgetCopies(kept, passedOver);
        return kept;
    }

    /** The same file may be there twice, in a subdirectory or under another name. */
    private static void forgetCopies(List<Candidate> kept, List<Segments.PassedOver> passedOver) throws TrailException {
        Map<Segment.First, Candidate> firsts = new HashMap<>();
        for (Candidate file : List.copyOf(kept)) {
            Candidate other = file.seq() == Segment.LAST ? null : firsts.get(file.head());
            if (other == null) {
                firsts.put(file.head(), file);
                continue;
            }
            SameLines same = SameLines.in(other.source(), file.source());
            if (same == SameLines.DIFFERENT) {
                continue;
            }
            Candidate copy = same == SameLines.SECOND_GOES_ON ? other : file;
            Candidate original = same == SameLines.SECOND_GOES_ON ? file : other;
            firsts.put(file.head(), original);
            kept.remove(copy);
            passOver(
                    copy,
                    same.passedOver(copy.file().toString(), original.file().toString())
                            .why(),
                    passedOver);
        }
    }

    private static void passOver(Candidate file, String why, List<Segments.PassedOver> passedOver) {
        passedOver.add(new Segments.PassedOver(file.file().toString(), why, Kind.LEFTOVER));
        if (file.channel() != null) {
            close(file.channel());
        }
    }

    /** In the order of their lines. */
    static Segments segments(List<Candidate> files, List<Segments.PassedOver> passedOver) {
        List<Segment> inOrder = new ArrayList<>();
        Map<Segment, SeekableByteChannel> channels = new HashMap<>();
        for (Candidate file : files) {
            Segment segment = new Segment(file.source(), file.seq());
            inOrder.add(segment);
            if (file.channel() != null) {
                channels.put(segment, file.channel());
            }
        }
        inOrder.sort(Comparator.comparingLong(Segment::firstSeq).thenComparing(Segment::name));
        passedOver.sort(Comparator.comparing(Segments.PassedOver::name));
        return new Segments(inOrder, passedOver, channels);
    }

    void close() {
        for (Candidate file : found.values()) {
            if (file.channel() != null) {
                close(file.channel());
            }
        }
    }

    static void close(Collection<SeekableByteChannel> channels) {
        channels.forEach(SegmentSearch::close);
    }

    static void close(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The file was only read, so no data is lost.
            return;
        }
    }
}
