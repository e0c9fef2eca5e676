package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.trail.CompressedName;
import io.konnectproxy.trail.Siblings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses and removes the finished files of the trail, as configured, on a thread of its own that no other thread waits for. In
 * between it offers them to the archive: what is archived is compressed already, and what is removed is archived already. Files
 * that logrotate renamed are archived, and otherwise left alone.
 */
final class FinishedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FinishedFiles.class);
    private static final long CLOSE_SECONDS = 2;

    private final Path file;
    private volatile Rotation rotation;
    private final TrailTime time;
    private final Consumer<AuditRecord> trail;
    private final Removal removal;
    private final Archiver archiver;
    private final Pattern names;
    /** Identifies the file that the trail is written to, whatever its name is by now. */
    private volatile @Nullable Object current;
    /** How far the clock was ahead at the last pass. */
    private volatile Duration lastAhead = Duration.ZERO;

    private final AtomicBoolean waiting = new AtomicBoolean();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "audit-files");
        made.setDaemon(true);
        return made;
    });

    /** Removes a file. */
    interface Removal {
        void of(Path file) throws IOException;
    }

    /**
     * @param file the current file, absolute
     * @param trail is told what was removed
     */
    FinishedFiles(Path file, Rotation rotation, TrailTime time, Consumer<AuditRecord> trail, Archiver archiver) {
        this(file, rotation, time, trail, archiver, Files::delete);
    }

    FinishedFiles(
            Path file,
            Rotation rotation,
            TrailTime time,
            Consumer<AuditRecord> trail,
            Archiver archiver,
            Removal removal) {
        this.file = file;
        this.rotation = rotation;
        this.time = time;
        this.trail = trail;
        this.archiver = archiver;
        this.removal = removal;
        archiver.onArchived(() -> tidy(lastAhead));
        this.names = SegmentName.finishedNames(String.valueOf(file.getFileName()));
    }

    /** From now on these settings decide. Any thread. */
    void rotate(Rotation changed) {
        rotation = changed;
    }

    /** Removes unfinished compressed copies that a crash has left; then the same as {@link #tidy}. */
    void tidyFirst(Duration ahead) {
        soon(this::clear);
        tidy(ahead);
    }

    /**
     * Compresses and removes what is due, on that thread.
     *
     * @param ahead by how much the clock was ahead when the current file began
     */
    void tidy(Duration ahead) {
        lastAhead = ahead;
        if (rotation.compress() || rotation.removes() || archiver.settings().isPresent()) {
            // One that waits does what later ones would.
            if (waiting.compareAndSet(false, true)) {
                soon(() -> {
                    waiting.set(false);
                    tidyNow(lastAhead);
                });
            }
        }
    }

    private void soon(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The finished files are tidied after the next start.");
        }
    }

    private void clear() {
        try {
            for (Path left : siblings(this::isUnfinished)) {
                Files.delete(left);
                LOG.info("Removed {}, which a crash had left of a file that was being compressed.", left);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("There is no directory yet, and nothing in it to clear.");
        } catch (IOException e) {
            LOG.warn(
                    "What a crash has left of files that were being compressed in {} could not be removed: {}.",
                    file.getParent(),
                    FileTrouble.of(e).reason());
        }
    }

    private boolean isUnfinished(Path path) {
        return Files.isRegularFile(path) && CompressedName.isUnfinished(path) && hasName(CompressedName.whole(path));
    }

    private void tidyNow(Duration ahead) {
        try {
            offer(rotation.compress() ? compressed() : all());
            removeSurplus(ahead);
        } catch (ClosedByInterruptException e) {
            LOG.debug("The finished files are tidied after the next start.");
        } catch (IOException e) {
            LOG.warn(
                    "The finished files of the audit trail in {} could not be tidied: {}.",
                    file.getParent(),
                    FileTrouble.of(e).reason());
        }
    }

    /** The lines go to this file from now on. */
    void writes(@Nullable Object key) {
        current = key;
    }

    /**
     * Gives the archive these, the oldest first, and what logrotate has renamed; a copy of one is none. What was finished after these is
     * for the next pass, compressed by then.
     */
    private void offer(List<Path> own) throws IOException {
        if (archiver.settings().isEmpty()) {
            return;
        }
        List<Path> finished = new ArrayList<>(own);
        for (Path renamed : Siblings.of(file)) {
            if (!hasName(renamed) && !isWritten(renamed) && !CompressedName.isCopy(renamed)) {
                finished.add(renamed);
            }
        }
        archiver.offer(finished);
    }

    /** Whether lines may still be written to it: what was renamed a moment ago is not left yet. */
    private boolean isWritten(Path renamed) throws IOException {
        Object key = Files.readAttributes(renamed, BasicFileAttributes.class).fileKey();
        return key == null || key.equals(current);
    }

    /**
     * Offers the last file of a run, once nothing is written any more. On the calling thread, so nothing is compressed where the own
     * thread may still do that with the same file.
     */
    void last() {
        try {
            offer(rotation.compress() && thread.isTerminated() ? compressed() : all());
        } catch (IOException e) {
            LOG.warn(
                    "The finished files in {} are archived after the next start: {}.",
                    file.getParent(),
                    FileTrouble.of(e).reason());
        }
    }

    /** All, compressed. What fails stays as it is, and does not keep the rest from being tidied: on a full disk, removing makes room. */
    private List<Path> compressed() throws IOException {
        List<Path> compressed = new ArrayList<>();
        for (Path finished : all()) {
            try {
                compressed.add(compress(finished));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                compressed.add(finished);
                LOG.warn(
                        "{} could not be compressed: {}.",
                        finished,
                        FileTrouble.of(e).reason());
            }
        }
        return compressed;
    }

    /** The oldest first: by the number of the first line, since a clock may have been set back. A copy of one is none. */
    private List<Path> all() throws IOException {
        return siblings(this::isFinished).stream()
                .filter(path -> !CompressedName.isCopy(path))
                .sorted(Comparator.comparingLong(this::firstSeq)
                        .thenComparing(path -> String.valueOf(path.getFileName())))
                .toList();
    }

    private List<Path> siblings(Predicate<Path> wanted) throws IOException {
        try (Stream<Path> siblings =
                Files.list(Optional.ofNullable(file.getParent()).orElse(Path.of("")))) {
            return siblings.filter(wanted).toList();
        }
    }

    private boolean isFinished(Path path) {
        if (!hasName(path)) {
            return false;
        }
        if (!Files.isRegularFile(path)) {
            LOG.debug("{} is no regular file, so it is no finished file of the audit trail.", path);
            return false;
        }
        return true;
    }

    private boolean hasName(Path path) {
        return names.matcher(String.valueOf(path.getFileName())).matches();
    }

    private long firstSeq(Path finished) {
        Matcher name = names.matcher(String.valueOf(finished.getFileName()));
        return name.matches() ? Long.parseLong(name.group("seq")) : 0;
    }

    /**
     * Under a name of its own until it is whole: after a crash the plain file is there, and it is done again.
     *
     * @return what it is from then on
     */
    private static Path compress(Path plain) throws IOException {
        if (CompressedName.isCompressed(plain)) {
            return plain;
        }
        Path part = CompressedName.unfinished(plain);
        Path whole = CompressedName.of(plain);
        FileTime modified = Files.getLastModifiedTime(plain);
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                InputStream in = Files.newInputStream(plain)) {
            copyMode(plain, part);
            OutputStream out = Channels.newOutputStream(channel);
            GZIPOutputStream gzip = new GZIPOutputStream(out, 64 * 1024);
            in.transferTo(gzip);
            gzip.finish();
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.setLastModifiedTime(part, modified);
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(plain);
        return whole;
    }

    private static void copyMode(Path from, Path to) throws IOException {
        if (from.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(from);
            Files.setPosixFilePermissions(to, mode);
        }
    }

    /** The oldest first: whoever reads meanwhile, or after a crash or a failure in between, finds no hole in what is left. */
    private void removeSurplus(Duration ahead) throws IOException {
        for (Surplus surplus : surplus(ahead)) {
            if (thread.isShutdown() || !archiver.lets(surplus.file())) {
                // Nor those behind it: what is left has no hole.
                return;
            }
            removal.of(surplus.file());
            trail.accept(new AuditRecord.Removed(
                    time.clock(), String.valueOf(surplus.file().getFileName()), surplus.why()));
        }
    }

    private record Surplus(Path file, String why) {}

    /** In the order in which they are removed. */
    private Deque<Surplus> surplus(Duration ahead) throws IOException {
        List<Path> all = all();
        FileAges ages = new FileAges(time.counted(), ahead);
        Deque<Surplus> surplus = new ArrayDeque<>();
        long total = 0;
        for (int newer = 0; newer < all.size(); newer++) {
            Path finished = all.get(all.size() - 1 - newer);
            total += Files.size(finished);
            surplus(finished, newer, total, ages).ifPresent(why -> surplus.addFirst(new Surplus(finished, why)));
        }
        return surplus;
    }

    /**
     * Which setting removes a file.
     *
     * @param newer how many newer ones there are
     * @param total bytes of it and of all newer ones
     */
    private Optional<String> surplus(Path finished, int newer, long total, FileAges ages) throws IOException {
        if (rotation.keep().isPresent() && newer >= rotation.keep().get()) {
            return Optional.of("audit.rotate.keep is " + rotation.keep().get());
        }
        if (rotation.keepSize().isPresent() && total > rotation.keepSize().get()) {
            return Optional.of(
                    "audit.rotate.keep-size is " + rotation.keepSize().get() + " bytes");
        }
        if (rotation.keepFor().isPresent()) {
            Duration keepFor = rotation.keepFor().get();
            if (ages.older(finished).compareTo(keepFor) > 0) {
                return Optional.of("audit.rotate.keep-for is " + keepFor.toHours() + " hours");
            }
        }
        return Optional.empty();
    }

    /** Waits a moment for what is being done; what is left is done after the next start. Any thread, also twice. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.info(
                        "A finished file of the audit trail is still being compressed; that is begun again after the start.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
