package io.konnectproxy.journal;

import io.konnectproxy.archive.ObjectWriter;
import io.konnectproxy.archive.StoreException;
import io.konnectproxy.archive.s3.S3Store;
import io.konnectproxy.journal.ArchivePush.SignedLine;
import io.konnectproxy.journal.ArchivePush.UnfitFileException;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.mirror.Backoff;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives the finished files of the trail and its newest checkpoint, on a thread of its own that no other thread waits for, except
 * at the end, for a bounded time. The files are its queue; of checkpoints one waits. There is no thread until an archive is configured.
 */
final class Archiver {
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    /** The least time between two looks at all files. */
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    /** A clock that is further off is worth a warning: its times are in the lines, and S3 refuses a quarter of an hour. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final Path trail;
    private final String instance;
    private final Duration interval;
    private final InstantSource clock;
    private final AtomicReference<@Nullable SignedLine> checkpoint = new AtomicReference<>();
    private volatile Runnable onArchived = () -> {};
    private volatile ArchiveStand stand = ArchiveStand.NONE;

    // Guarded by this.
    private Optional<Archive> settings = Optional.empty();
    private Optional<List<Path>> offered = Optional.empty();
    private boolean changed;
    private boolean woken;
    private @Nullable Thread thread;
    private @Nullable Long deadline;

    // Of the thread.
    private Optional<Archive> archive = Optional.empty();
    private final ArchiveQueue queue = new ArchiveQueue(LONGEST_RETRY);
    private long toldAt = System.nanoTime() - TELL_EVERY.toNanos();

    private final Backoff backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY);
    private long retryAt = System.nanoTime();
    /** Whether the last object failed, and it is that which is retried. */
    private boolean failing;

    private long checkpointAt = System.nanoTime();
    private @Nullable ObjectWriter store;
    private @Nullable ArchivePush push;
    private boolean clockSaid;

    /**
     * @param trail the current file, absolute
     * @param interval the least time between two checkpoints in the archive
     */
    Archiver(Path trail, String instance, Duration interval, InstantSource clock) {
        this.trail = trail;
        this.instance = instance;
        this.interval = interval;
        this.clock = clock;
    }

    /** Is told, on the archiver's thread, that a file was archived or has no place there: what waited for that may be removed. */
    void onArchived(Runnable task) {
        onArchived = task;
    }

    /** From now on these settings decide. Any thread. */
    synchronized void use(Optional<Archive> wanted) {
        if (wanted.equals(settings)) {
            return;
        }
        settings = wanted;
        changed = true;
        if (thread == null && wanted.isPresent()) {
            Thread made = new Thread(this::run, "audit-archive");
            made.setDaemon(true);
            thread = made;
            made.start();
        }
        wake();
    }

    /** The finished files, the oldest first; they replace those of before. Any thread. */
    synchronized void offer(List<Path> finished) {
        offered = Optional.of(List.copyOf(finished));
        wake();
    }

    /** A new checkpoint of the trail, which replaces one that waits. Any thread. */
    void offer(SignedLine signed) {
        checkpoint.set(signed);
        wake();
    }

    private synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /** Whether a finished file may be removed. Any thread but the archiver's. */
    boolean lets(Path finished) {
        Optional<Archive> inForce = settings();
        return inForce.isEmpty() || !inForce.get().keepUnarchived() || stand.lets(finished);
    }

    synchronized Optional<Archive> settings() {
        return settings;
    }

    /** Empty where there is no archive. Any thread. */
    Optional<ArchiveFigures> figures() {
        return settings().map(inForce -> stand.figures());
    }

    private void run() {
        try {
            while (!isOver()) {
                adopt();
                if (isReady() && isWorkLeft()) {
                    attempt();
                } else if (!pause()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("What is left is archived after the next start.");
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "The archive has ended: {}. Finished files stay where they are until the next start.",
                    e.toString());
            count(figures -> figures.failed("it has ended, until the next start"));
        } finally {
            closeStore();
        }
    }

    private synchronized boolean isOver() {
        return deadline != null && System.nanoTime() - deadline >= 0;
    }

    private boolean isReady() {
        return System.nanoTime() - retryAt >= 0;
    }

    private boolean isWorkLeft() {
        return archive.isPresent() && (isCheckpointDue() || !queue.isEmpty());
    }

    private synchronized boolean isCheckpointDue() {
        return checkpoint.get() != null && (deadline != null || System.nanoTime() - checkpointAt >= 0);
    }

    /** Waits for work; false where none is expected any more. */
    private synchronized boolean pause() throws InterruptedException {
        if (woken) {
            woken = false;
            return true;
        }
        long next = nextAt();
        if (deadline != null) {
            if (failing || !isWorkLeft()) {
                return false;
            }
            next = next - deadline < 0 ? next : deadline;
        }
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, next - System.nanoTime()));
        return true;
    }

    /** When there may be something to do, unless somebody wakes this thread before. */
    private long nextAt() {
        if (isWorkLeft()) {
            return retryAt;
        }
        long next = archive.isPresent() && checkpoint.get() != null
                ? Math.max(retryAt, checkpointAt)
                : System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        return queue.orRecallAt(next);
    }

    /** Takes over what others have set. */
    private void adopt() {
        Optional<List<Path>> files;
        boolean anew;
        synchronized (this) {
            anew = changed;
            changed = false;
            files = offered;
            offered = anew ? offered : Optional.empty();
            archive = settings;
        }
        queue.recall();
        if (anew) {
            closeStore();
            queue.forgetAnswers();
            backoff.reset();
            failing = false;
            retryAt = System.nanoTime();
            stand = archive.isPresent() ? ArchiveStand.of(progress(archive.get())) : ArchiveStand.NONE;
        }
        if (archive.isPresent() && files.isPresent()) {
            takeOver(files.get(), stand.progress().orElseThrow());
        }
    }

    private ArchiveProgress progress(Archive of) {
        try {
            return ArchiveProgress.read(trail, of.place());
        } catch (IOException e) {
            LOG.warn(
                    "What is archived already could not be read from {}: {}. The archive is asked for each file.",
                    ArchiveProgress.beside(trail),
                    FileTrouble.of(e).reason());
            return ArchiveProgress.none(trail, of.place());
        }
    }

    private void takeOver(List<Path> files, ArchiveProgress progress) {
        queue.replace(files, progress).forEach((file, why) -> unfit(file.toString(), "it cannot be read: " + why));
        Set<Long> here = queue.firstSeqs();
        try {
            progress.prune(entry -> here.contains(entry.first()));
        } catch (IOException e) {
            LOG.debug("{} stays as long as it is: {}", ArchiveProgress.beside(trail), e.getMessage());
        }
        boolean news = !stand.nameless().containsAll(queue.nameless());
        stand = stand.with(queue.nameless());
        count(figures -> figures);
        if (news) {
            onArchived.run();
        }
    }

    /** One object: the newest checkpoint where it is due, else the oldest file. */
    private void attempt() {
        SignedLine signed = isCheckpointDue() ? checkpoint.get() : null;
        if (signed == null) {
            attempt(queue.first());
            return;
        }
        try {
            pushCheckpoint(signed);
        } catch (StoreException e) {
            failed(String.valueOf(e.getMessage()));
        }
    }

    /** A failure may be the file's own: another one goes first then. */
    private void attempt(FinishedFile file) {
        try {
            pushFile(file);
        } catch (StoreException e) {
            String why = String.valueOf(e.getMessage());
            if (queue.isAtFault(file)) {
                putAside(file, why);
            } else {
                queue.failed(file);
                failed(why);
            }
        }
    }

    private void putAside(FinishedFile file, String why) {
        if (queue.putAside(file, why)) {
            LOG.error(
                    "{} is not archived: {}. It is tried again every {} minutes, behind all others.",
                    file.file(),
                    why,
                    LONGEST_RETRY.toMinutes());
        }
        count(figures -> figures.failed(why));
    }

    private void pushCheckpoint(SignedLine signed) throws StoreException {
        try {
            long bytes = push().push(signed);
            succeeded(bytes);
        } catch (UnfitFileException e) {
            unfit("Checkpoint " + signed.link().seq(), String.valueOf(e.getMessage()));
        }
        checkpoint.compareAndSet(signed, null);
        checkpointAt = System.nanoTime() + interval.toNanos();
    }

    private void pushFile(FinishedFile file) throws StoreException {
        try {
            Optional<Long> bytes = push().push(file);
            if (bytes.isPresent()) {
                queue.taken(file);
                succeeded(bytes.get());
                LOG.info("{} is archived.", file.file());
            } else {
                queue.remove(file);
                lookAgain();
            }
            tell(bytes.isEmpty());
        } catch (NoSuchFileException e) {
            queue.remove(file);
            lookAgain();
            tell(true);
        } catch (ClosedByInterruptException e) {
            LOG.debug("{} is archived after the next start.", file.file());
        } catch (UnfitFileException e) {
            queue.skip(file);
            unfit(file.file().toString(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            putAside(file, "it cannot be read: " + FileTrouble.of(e).reason());
        }
    }

    /** All files are looked at then, so that is not done after each of many. */
    private void tell(boolean changed) {
        long now = System.nanoTime();
        if (changed || queue.isEmpty() || now - toldAt >= TELL_EVERY.toNanos()) {
            toldAt = now;
            onArchived.run();
        }
    }

    /** A file changed under its reader: the next look at it is not at once. */
    private void lookAgain() {
        retryAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    }

    private void unfit(String what, String why) {
        LOG.error("{} is not archived: {}.", what, why);
        count(figures -> figures.failed(why));
    }

    private ArchivePush push() throws StoreException {
        if (push == null) {
            Archive to = archive.orElseThrow();
            store = S3Store.open(to.url(), to.store());
            push = new ArchivePush(instance, to, store, stand.progress().orElseThrow(), clock);
        }
        return push;
    }

    private void failed(String why) {
        failing = true;
        retryAt = System.nanoTime() + backoff.nanos(Optional.empty());
        if (!stand.figures().trouble().equals(Optional.of(why))) {
            LOG.warn(
                    "The archive {} takes no objects: {}. Finished files wait here, and that is tried again.",
                    archive.orElseThrow().place(),
                    why);
        }
        count(figures -> figures.failed(why));
    }

    private void succeeded(long bytes) {
        failing = false;
        backoff.reset();
        if (stand.figures().trouble().isPresent() && queue.isWell()) {
            LOG.info(
                    "The archive {} takes objects again.", archive.orElseThrow().place());
        }
        Instant now = clock.instant();
        count(figures -> figures.put(bytes, now, queue.isWell()));
        sayClock();
    }

    private void sayClock() {
        Duration ahead = store == null ? Duration.ZERO : store.clockAhead();
        boolean off = ahead.abs().compareTo(CLOCK_TOLERANCE) > 0;
        if (off && !clockSaid) {
            LOG.warn(
                    "This machine's clock is {} minutes {} that of the archive: the times of its lines are off; set it right.",
                    ahead.abs().toMinutes(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
        clockSaid = off;
    }

    private void count(UnaryOperator<ArchiveFigures> change) {
        stand = stand.with(change, queue.size());
    }

    private void closeStore() {
        if (store != null) {
            store.close();
        }
        store = null;
        push = null;
    }

    /**
     * Archives what is left, as long as nothing fails and there is time.
     *
     * @param patience after that nothing is waited for
     */
    void close(Duration patience) {
        Thread running;
        synchronized (this) {
            deadline = System.nanoTime() + patience.toNanos();
            running = thread;
            wake();
        }
        if (running == null) {
            return;
        }
        try {
            running.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.interrupt();
        int left = stand.figures().pending();
        if (left > 0) {
            LOG.warn("Finished files that are not archived yet: {}. They are archived after the next start.", left);
        }
    }
}
