package io.konnectproxy.journal;

import io.konnectproxy.text.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files are archived, in a file beside the trail. Each entry is synced; a torn end of a crash is ignored. What is lost with
 * it costs one more request, since the store refuses a second object of one name, and says what the first one is. Thread-safe.
 */
final class ArchiveProgress {
    private static final Pattern FILE =
            Pattern.compile("file (?<trail>[0-9a-f]{12}) (?<first>\\d{1,18}) (?<last>\\d{1,18}) (?<bytes>\\d{1,18})");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint (?<trail>[0-9a-f]{12}) (?<seq>\\d{1,18})");
    /** Entries that are of no use any more, before the file is written anew. */
    private static final int MOST_STALE = 1000;
    /** Bytes that are read of it, which is enough for a hundred thousand entries. */
    private static final int MOST_BYTES = 16 << 20;

    private final Path file;
    private final String place;
    private final Map<Long, List<ArchivedFile>> entries = new HashMap<>();
    private Optional<NotedCheckpoint> checkpoint = Optional.empty();
    private int lines;
    private boolean begun;
    private boolean torn;

    /**
     * An archived file.
     *
     * @param bytes of the object
     */
    record ArchivedFile(String trail, long first, long last, long bytes) {
        private String line() {
            return "file " + trail + " " + first + " " + last + " " + bytes;
        }
    }

    /** The newest one in the archive. */
    record NotedCheckpoint(String trail, long seq) {
        private String line() {
            return "checkpoint " + trail + " " + seq;
        }
    }

    private ArchiveProgress(Path file, String place) {
        this.file = file;
        this.place = place;
    }

    /** {@code konnect-proxy.jsonl.archived} of {@code konnect-proxy.jsonl}. */
    static Path beside(Path trail) {
        return trail.resolveSibling(trail.getFileName() + ".archived");
    }

    /**
     * Reads what is known.
     *
     * @param place of the objects; what is known of another place counts for nothing
     */
    static ArchiveProgress read(Path trail, String place) throws IOException {
        ArchiveProgress progress = new ArchiveProgress(beside(trail), place);
        try (InputStream in = InputFile.open(progress.file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
            int whole = text.lastIndexOf('\n') + 1;
            progress.torn = whole < text.length();
            progress.take(text.substring(0, whole));
        } catch (NoSuchFileException e) {
            // Nothing was archived yet.
        }
        return progress;
    }

    /** Where nothing can be read of it. */
    static ArchiveProgress none(Path trail, String place) {
        return new ArchiveProgress(beside(trail), place);
    }

    private String head() {
        return "archive " + place;
    }

    private void take(String text) {
        List<String> all = text.lines().toList();
        begun = !all.isEmpty() && all.get(0).equals(head());
        if (begun) {
            all.subList(1, all.size()).forEach(this::takeLine);
            lines = all.size() - 1;
        }
    }

    private void takeLine(String line) {
        Matcher archived = FILE.matcher(line);
        Matcher signed = CHECKPOINT.matcher(line);
        if (archived.matches()) {
            remember(new ArchivedFile(
                    archived.group("trail"),
                    Long.parseLong(archived.group("first")),
                    Long.parseLong(archived.group("last")),
                    Long.parseLong(archived.group("bytes"))));
        } else if (signed.matches()) {
            checkpoint = Optional.of(new NotedCheckpoint(signed.group("trail"), Long.parseLong(signed.group("seq"))));
        }
    }

    private void remember(ArchivedFile entry) {
        List<ArchivedFile> same = entries.computeIfAbsent(entry.first(), first -> new ArrayList<>(1));
        if (!same.contains(entry)) {
            same.add(entry);
        }
    }

    /** Whether exactly this file, or what it was before somebody compressed it, is archived. */
    boolean has(FinishedFile finished) throws IOException {
        Optional<ArchivedFile> known = entry(finished);
        return known.isPresent()
                && (known.get().bytes() == finished.size()
                        || known.get().last() == finished.last().seq());
    }

    private synchronized Optional<ArchivedFile> entry(FinishedFile finished) {
        return entries.getOrDefault(finished.firstSeq(), List.of()).stream()
                .filter(each ->
                        finished.trail().isEmpty() || finished.trail().get().equals(each.trail()))
                .findFirst();
    }

    synchronized Optional<NotedCheckpoint> checkpoint() {
        return checkpoint;
    }

    synchronized void add(ArchivedFile entry) throws IOException {
        remember(entry);
        append(entry.line());
    }

    synchronized void add(NotedCheckpoint archived) throws IOException {
        checkpoint = Optional.of(archived);
        append(archived.line());
    }

    private void append(String line) throws IOException {
        if (!begun) {
            rewrite();
        } else {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
                // What a crash has left of a line ends here, and is none.
                write(channel, (torn ? "?\n" : "") + line + "\n");
                torn = false;
            } catch (NoSuchFileException e) {
                rewrite();
            }
        }
        lines++;
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /** Forgets files that are no longer here, where many are. One process at a time does this: the one that writes the trail. */
    synchronized void prune(Predicate<ArchivedFile> isHere) throws IOException {
        long stale = lines - entries.values().stream().mapToLong(List::size).sum();
        for (List<ArchivedFile> each : entries.values()) {
            stale += each.stream().filter(isHere.negate()).count();
        }
        if (stale > MOST_STALE) {
            entries.values().forEach(each -> each.removeIf(isHere.negate()));
            entries.values().removeIf(List::isEmpty);
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        StringBuilder text = new StringBuilder(head()).append('\n');
        entries.values()
                .forEach(same -> same.forEach(entry -> text.append(entry.line()).append('\n')));
        checkpoint.ifPresent(archived -> text.append(archived.line()).append('\n'));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            write(channel, text.toString());
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        begun = true;
        torn = false;
        lines = entries.values().stream().mapToInt(List::size).sum() + (checkpoint.isPresent() ? 1 : 0);
    }
}
