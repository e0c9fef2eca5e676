package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.trail.Link;
import io.konnectproxy.trail.Predecessor;
import io.konnectproxy.trail.RecordedTime;
import io.konnectproxy.trail.TrailEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit file, which is only appended to. It follows its path: when the file was moved away (by log rotation) or
 * removed, a new one is begun. It also rotates the file itself when that is due. Not thread-safe.
 */
final class AuditFile implements LineSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** The longest that a clean stop waits for the archive. */
    static final Duration LAST_PUSH = Duration.ofSeconds(10);
    /**
     * A busy proxy writes thousands of times a second, and a look at its paths costs as much as a short write. What is written
     * within this time after somebody has moved the file is in the moved file.
     */
    static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Path path;
    private final TrailDirectory directory;
    private Rotation rotation;
    private final Durability durability;
    private final FinishedFiles finished;
    private final Archiver archiver;
    private final TrailTime time;
    private final List<AuditRecord> news = new ArrayList<>();
    private final TrailLock lock;
    private Opened opened;
    /** Whether another proxy may have written to the file since it was opened. */
    private boolean contested;
    /** The earliest time of the next rotation, after one has failed. */
    private long notBefore = System.nanoTime();
    /** When the paths of the file and of its lock are due to be looked at. */
    private long lookAt = System.nanoTime();

    /**
     * The file at the path.
     *
     * @param key identifies the file, as opposed to another one of the same name; null where the file system has no
     * file keys
     * @param day on which it was begun
     * @param last the line that the next line is chained to
     */
    private record Opened(
            LineChannel lines,
            SegmentName segment,
            SegmentDay day,
            @Nullable Object key,
            Link last) {}

    private AuditFile(Path path, AuditSettings audit, FinishedFiles finished, Archiver archiver, TrailTime time)
            throws IOException {
        this.path = path;
        this.durability = audit.durability();
        this.directory = new TrailDirectory(path, durability);
        this.rotation = audit.rotate();
        this.finished = finished;
        this.archiver = archiver;
        this.time = time;
        directory.create();
        this.lock = TrailLock.on(path, directory);
        try {
            directory.clearUnbegun();
            this.opened = openAt(Optional.empty());
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * @param instance the name of this proxy in the archive
     * @param trail is given the records of removed files
     */
    static Journal.Ground open(
            Path named, String instance, AuditSettings audit, Clocks source, Consumer<AuditRecord> trail)
            throws JournalException {
        Path path = real(named.toAbsolutePath().normalize());
        TrailTime time = new TrailTime(source, audit.rotate().keepFor());
        Archiver archiver = new Archiver(path, instance, interval(audit), source.clock());
        FinishedFiles finished = new FinishedFiles(path, audit.rotate(), time, trail, archiver);
        try {
            AuditFile file = new AuditFile(path, audit, finished, archiver, time);
            Optional<PolicySettings> before;
            try {
                // A full disk is found at the start and not with the first client.
                file.lock.requireRoom();
                before = RecordedPolicy.lastIn(path);
                file.keepOthersOut();
            } catch (IOException e) {
                file.close();
                throw e;
            }
            finished.writes(file.opened.key());
            archiver.use(audit.archive());
            finished.tidyFirst(file.opened.day().ahead());
            return new Journal.Ground(file, file.opened.last(), before);
        } catch (IOException e) {
            finished.close();
            FileTrouble trouble = FileTrouble.of(e);
            throw new JournalException(
                    "The audit file " + path + " cannot be written: " + trouble.reason() + ". " + trouble.remedy());
        }
    }

    /** Without checkpoints, none is archived. */
    private static Duration interval(AuditSettings audit) {
        return audit.sign().map(AuditSettings.Signing::interval).orElse(Duration.ZERO);
    }

    /**
     * Resolves a symbolic link to a file: finished files and the lock file belong in the directory of the real file.
     */
    private static Path real(Path path) {
        try {
            return Files.isSymbolicLink(path) && Files.isRegularFile(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            return path;
        }
    }

    /**
     * Opens the file at the path. What follows its last whole line is set aside.
     *
     * @param expected the last line of the trail; empty at the start, when it is not known
     */
    private Opened openAt(Optional<Link> expected) throws IOException {
        Object before = keyOfPath();
        FileChannel channel = directory.openFile();
        try {
            Instant now = time.clock();
            if (!Objects.equals(before, path) && !Objects.equals(before, keyOfPath())) {
                // The file was replaced at this moment, and it is not known which one was opened.
                channel.close();
                return openAt(expected);
            }
            if (!Files.isRegularFile(path)) {
                LineChannel device = LineChannel.toDevice(channel);
                return new Opened(
                        device,
                        SegmentName.beginning(now, 0),
                        SegmentDay.today(time),
                        keyOfPath(),
                        expected.orElse(Link.NONE));
            }
            if (expected.isEmpty() && !LineChannel.isFree(channel)) {
                throw new FileSystemException(path.toString(), null, FileTrouble.LOCKED);
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
            if (expected.isEmpty()) {
                goOn(end);
            }
            LineChannel lines = LineChannel.toFile(channel, durability, end.wholeBytes());
            return end.wholeBytes() == 0
                    ? beginning(lines, last, now)
                    : new Opened(lines, SegmentName.of(path, now), dayOf(path), keyOfPath(), last);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Opened beginning(LineChannel lines, Link last, Instant now) throws IOException {
        return new Opened(lines, SegmentName.beginning(now, last.seq() + 1), SegmentDay.today(time), keyOfPath(), last);
    }

    /** The counted time continues from the end of the trail, as the lines do. */
    private void goOn(TrailEnd end) throws IOException {
        Optional<Path> last =
                end.last().equals(Link.NONE) ? Predecessor.of(path).map(Predecessor::file) : Optional.of(path);
        if (last.isPresent()) {
            RecordedTime.atEnd(last.get()).flatMap(time::goOn).ifPresent(news::add);
        }
    }

    private SegmentDay dayOf(Path file) throws IOException {
        return RecordedTime.atHead(file).map(head -> SegmentDay.of(head, time)).orElseGet(() -> SegmentDay.today(time));
    }

    private Link lastOf(TrailEnd end) throws IOException {
        return end.last().equals(Link.NONE)
                ? Predecessor.of(path).map(before -> before.end().last()).orElse(Link.NONE)
                : end.last();
    }

    @Override
    public boolean prepare(Link last, boolean afterFailure) throws IOException {
        time.look().ifPresent(news::add);
        boolean sound = opened.lines().isSound();
        long now = System.nanoTime();
        if (!sound || contested || afterFailure || now - lookAt >= 0) {
            requireLock();
            requireOwn(last);
            follow(last);
            lookAt = now + BETWEEN_LOOKS.toNanos();
            sound = opened.lines().isSound();
        }
        if (!sound) {
            mend();
        }
        if (opened.lines().isFile() && isDue()) {
            finish(last);
        }
        if (afterFailure) {
            lock.requireRoom();
        }
        return opened.lines().isFile() && opened.lines().length() == 0;
    }

    @Override
    public void lookNext() {
        lookAt = System.nanoTime();
    }

    @Override
    public boolean watch() throws IOException {
        requireLock();
        time.look().ifPresent(news::add);
        return !news.isEmpty();
    }

    @Override
    public Optional<AuditRecord> repeated(Instant now) {
        return time.repeated(now);
    }

    /**
     * Nothing is written while another proxy may write: its lines would look like the rest of a failed write, and would
     * be cut off.
     */
    private void requireLock() throws IOException {
        try {
            contested |= lock.renew();
        } catch (FileSystemException e) {
            contested |= FileTrouble.LOCKED.equals(e.getReason());
            throw e;
        }
    }

    /** After another proxy may have written, this one continues only if the trail ends with its own last line. */
    private void requireOwn(Link last) throws IOException {
        if (!contested) {
            return;
        }
        boolean own = Objects.equals(keyOfPath(), opened.key())
                ? opened.lines().isSound()
                : List.of(last, Link.NONE).contains(TrailEnd.of(path).last());
        if (!own) {
            throw new FileSystemException(path.toString(), null, FileTrouble.TAKEN_OVER);
        }
        contested = false;
    }

    /** Locks the audit file itself too, because the lock file may be removed. */
    private void keepOthersOut() throws IOException {
        if (opened.lines().isFile() && !opened.lines().lock(path)) {
            throw new FileSystemException(path.toString(), null, FileTrouble.LOCKED);
        }
    }

    /**
     * Opens the file again if it was moved or removed. The directory is not created again, because a missing directory
     * may mean a missing volume.
     */
    private void follow(Link last) throws IOException {
        if (opened.lines().isOpen() && Objects.equals(keyOfPath(), opened.key())) {
            return;
        }
        Opened successor = openAt(Optional.of(last));
        goOnIn(successor);
    }

    private void goOnIn(Opened successor) throws IOException {
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
        keepOthersOut();
        finished.writes(opened.key());
        finished.tidy(opened.day().ahead());
    }

    /** Rotates the file. If that fails, the file keeps growing, which is better than a trail that cannot be written. */
    private void finish(Link last) throws IOException {
        FileChannel next;
        try {
            next = directory.begin(opened.segment());
        } catch (IOException e) {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            LOG.warn(
                    "The audit file {} is due and no new one can be begun: {}. It goes on growing; that is tried again every"
                            + " minute.",
                    path,
                    FileTrouble.of(e).reason());
            return;
        }
        goOnIn(beginning(LineChannel.toFile(next, durability, 0), last, time.clock()));
    }

    private boolean isDue() {
        long length = opened.lines().length();
        boolean full = rotation.size().isPresent() && length >= rotation.size().get();
        boolean yesterdays = rotation.daily() && opened.day().isOver(time);
        return length > 0 && (full || yesterdays) && System.nanoTime() - notBefore >= 0;
    }

    /** Sets aside what a failed write has left and could not be cut off, or what another process wrote. */
    private void mend() throws IOException {
        setAside();
        keepOthersOut();
    }

    private void setAside() throws IOException {
        LineChannel lines = opened.lines();
        if (lines.size() > lines.length()) {
            news.add(directory.cutAside(
                    lines.length(), "it came after the last line that was written", time.clock(), lines::cut));
            return;
        }
        LOG.error("Somebody has shortened the audit file {}: lines of the trail are missing.", path);
        TrailEnd end = TrailEnd.of(path);
        if (end.tornBytes() > 0) {
            news.add(directory.cutAside(end.wholeBytes(), end.tornBecause().orElse(""), time.clock(), lines::cut));
        } else {
            lines.cut(end.wholeBytes());
        }
    }

    private @Nullable Object keyOfPath() throws IOException {
        return directory.keyOfFile();
    }

    @Override
    public Append append(ByteBuffer batch) {
        return opened.lines().append(batch);
    }

    @Override
    public void use(AuditSettings audit) {
        rotation = audit.rotate();
        archiver.use(audit.archive());
        finished.rotate(rotation);
        finished.tidy(opened.day().ahead());
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
        boolean archives = archiver.settings().isPresent();
        if (archives) {
            finishLast();
        }
        try (lock) {
            opened.lines().close();
        }
        if (archives) {
            archiver.close(LAST_PUSH);
        }
    }

    /** What was written last is not to wait for the next start. */
    private void finishLast() {
        LineChannel lines = opened.lines();
        try {
            if (lines.isFile() && lines.length() > 0 && lines.isSound() && Objects.equals(keyOfPath(), opened.key())) {
                directory.begin(opened.segment()).close();
                finished.writes(null);
            }
        } catch (IOException e) {
            LOG.warn(
                    "The audit file {} could not be finished: {}. It is archived later.",
                    path,
                    FileTrouble.of(e).reason());
        }
        finished.last();
    }

    @Override
    public void signed(String checkpoint, Link link) {
        archiver.offer(new ArchivePush.SignedLine(checkpoint, link));
    }

    @Override
    public Optional<ArchiveFigures> archived() {
        return archiver.figures();
    }

    @Override
    public String toString() {
        return "The audit file " + path;
    }
}
