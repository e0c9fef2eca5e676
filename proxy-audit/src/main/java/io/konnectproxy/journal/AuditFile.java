package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.Predecessor;
import io.konnectproxy.trail.TrailEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit file: appended to, never rewritten. Follows its path, so that a file that was moved away (by log rotation) or
 * removed is begun anew, and gives a file that is due another name itself. One thread.
 */
final class AuditFile implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Path path;
    private final TrailDirectory directory;
    private final Rotation rotation;
    private final Durability durability;
    private final FinishedFiles finished;
    private final InstantSource clock;
    private final List<AuditRecord> news = new ArrayList<>();
    private final TrailLock lock;
    private Opened opened;
    /** When a file is given another name at the earliest, after that has failed. */
    private long notBefore = System.nanoTime();

    /**
     * The file that stands at the path.
     *
     * @param key tells it from another one of the same name; null where the file system has no such thing
     * @param last what the next line is bound to
     */
    private record Opened(
            LineChannel lines,
            SegmentName segment,
            @Nullable Object key,
            Link last) {}

    private AuditFile(Path path, AuditSettings audit, FinishedFiles finished, InstantSource clock) throws IOException {
        this.path = path;
        this.durability = audit.durability();
        this.directory = new TrailDirectory(path, durability);
        this.rotation = audit.rotate();
        this.finished = finished;
        this.clock = clock;
        directory.create();
        this.lock = TrailLock.on(path, directory);
        try {
            this.opened = openAt(Optional.empty());
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** @param trail is told of files that were removed */
    static Journal.Ground open(Path named, AuditSettings audit, InstantSource clock, Consumer<AuditRecord> trail)
            throws JournalException {
        Path path = real(named.toAbsolutePath().normalize());
        FinishedFiles finished = new FinishedFiles(path, audit.rotate(), clock, trail);
        try {
            AuditFile file = new AuditFile(path, audit, finished, clock);
            try {
                // A full disk is found now and not by the first client.
                file.lock.requireRoom();
            } catch (IOException e) {
                file.close();
                throw e;
            }
            Optional<PolicySettings> before = RecordedPolicy.lastIn(path);
            finished.tidy();
            return new Journal.Ground(file, file.opened.last(), before);
        } catch (IOException e) {
            finished.close();
            FileTrouble trouble = FileTrouble.of(e);
            throw new JournalException(
                    "The audit file " + path + " cannot be written: " + trouble.reason() + ". " + trouble.remedy());
        }
    }

    /** Where a link leads to a file, that file: what is finished and what keeps others out stands beside it. */
    private static Path real(Path path) {
        try {
            return Files.isSymbolicLink(path) && Files.isRegularFile(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * Opens what stands at the path, and sees to it that it ends with a line of the trail.
     *
     * @param expected how the trail ends; unknown at the start
     */
    private Opened openAt(Optional<Link> expected) throws IOException {
        Object before = keyOfPath();
        FileChannel channel = directory.openFile();
        try {
            Instant now = clock.instant();
            if (!Objects.equals(before, path) && !Objects.equals(before, keyOfPath())) {
                // Replaced at this very moment: which of them was opened, nobody knows.
                channel.close();
                return openAt(expected);
            }
            if (!Files.isRegularFile(path)) {
                LineChannel device = LineChannel.toDevice(channel);
                return new Opened(device, SegmentName.beginning(now, 0), keyOfPath(), expected.orElse(Link.NONE));
            }
            TrailEnd end = TrailEnd.ofCurrent(path);
            boolean foreign = expected.isPresent()
                    && !end.last().equals(Link.NONE)
                    && !end.last().equals(expected.get());
            boolean nothingOfIt = end.wholeBytes() == 0 && end.tornBytes() > 0;
            if (nothingOfIt && expected.isEmpty() && !directory.beginsAsTrail()) {
                throw new FileSystemException(path.toString(), null, FileTrouble.NO_TRAIL);
            }
            if (foreign || nothingOfIt) {
                news.add(directory.moveAside(
                        foreign
                                ? "the file that came to stand here does not end as the trail does"
                                : end.tornBecause().orElse(""),
                        now));
                channel.close();
                return openAt(expected);
            }
            if (end.tornBytes() > 0) {
                news.add(directory.cutAside(end.wholeBytes(), end.tornBecause().orElse(""), now, channel::truncate));
            }
            Link last = expected.isPresent() ? expected.get() : lastOf(end);
            SegmentName segment =
                    end.wholeBytes() == 0 ? SegmentName.beginning(now, last.seq() + 1) : SegmentName.of(path, now);
            return new Opened(LineChannel.toFile(channel, durability, end.wholeBytes()), segment, keyOfPath(), last);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Link lastOf(TrailEnd end) throws IOException {
        return end.last().equals(Link.NONE)
                ? Predecessor.of(path).map(before -> before.end().last()).orElse(Link.NONE)
                : end.last();
    }

    @Override
    public boolean prepare(Link last, boolean afterFailure) throws IOException {
        follow(last);
        if (opened.lines().isFile() && isDue()) {
            finish(last);
        }
        if (!opened.lines().isSound()) {
            mend();
        }
        if (afterFailure) {
            lock.requireRoom();
        }
        return opened.lines().isFile() && opened.lines().length() == 0;
    }

    /** The directory is not created again: that it is gone may mean that a volume is. */
    private void follow(Link last) throws IOException {
        if (opened.lines().isOpen() && Objects.equals(keyOfPath(), opened.key())) {
            return;
        }
        Opened successor = openAt(Optional.of(last));
        LineChannel left = opened.lines();
        opened = successor;
        try {
            left.close();
        } catch (IOException e) {
            LOG.warn(
                    "The former audit file could not be synced: {}.",
                    FileTrouble.of(e).reason());
        }
        LOG.info("The audit trail goes on in a new {}.", path);
        finished.tidy();
    }

    /** A file that keeps its name is still one to write to: that it grows is the lesser evil. */
    private void finish(Link last) throws IOException {
        try {
            directory.finish(opened.segment());
        } catch (IOException e) {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            LOG.warn(
                    "The audit file {} is due and cannot be given another name: {}. It goes on growing; that is tried again"
                            + " every minute.",
                    path,
                    FileTrouble.of(e).reason());
            return;
        }
        follow(last);
    }

    private boolean isDue() {
        long length = opened.lines().length();
        boolean full = rotation.size().isPresent() && length >= rotation.size().get();
        boolean yesterdays = rotation.daily()
                && opened.segment()
                        .day()
                        .isBefore(SegmentName.beginning(clock.instant(), 0).day());
        return length > 0 && (full || yesterdays) && System.nanoTime() - notBefore >= 0;
    }

    /** What a failed write has left and could not be cut off, or what somebody else wrote, is set aside. */
    private void mend() throws IOException {
        LineChannel lines = opened.lines();
        if (lines.size() > lines.length()) {
            news.add(directory.cutAside(
                    lines.length(), "it came after the last line that was written", clock.instant(), lines::cut));
            return;
        }
        LOG.error("Somebody has shortened the audit file {}: lines of the trail are missing.", path);
        TrailEnd end = TrailEnd.of(path);
        if (end.tornBytes() > 0) {
            news.add(directory.cutAside(end.wholeBytes(), end.tornBecause().orElse(""), clock.instant(), lines::cut));
        } else {
            lines.cut(end.wholeBytes());
        }
    }

    private @Nullable Object keyOfPath() throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return path;
        }
    }

    @Override
    public Append append(ByteBuffer batch) {
        return opened.lines().append(batch);
    }

    @Override
    public List<AuditRecord> news() {
        List<AuditRecord> told = List.copyOf(news);
        news.clear();
        return told;
    }

    @Override
    public void beginEnd() {
        finished.close();
    }

    @Override
    public void close() throws IOException {
        finished.close();
        try (lock) {
            opened.lines().close();
        }
    }

    @Override
    public String toString() {
        return "The audit file " + path;
    }
}
