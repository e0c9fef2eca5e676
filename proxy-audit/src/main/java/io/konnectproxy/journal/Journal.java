package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.trail.Link;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The audit trail in a file. Any thread hands records over; one thread of its own writes them, many at a time, and is the
 * only one that ever waits for a disk. Close it last, after what records.
 */
public final class Journal implements AuditTrail, AutoCloseable {
    /** Records that may wait for the disk: enough for every one of 10,000 tunnels to end at once, where the heap has room. */
    private static final int CAPACITY = room(32_768);

    /** What a record takes on the heap, rounded up; with the longest names that are kept it is twice as much. */
    private static final int RECORD = 1024;

    private static final long CLOSE_SECONDS = 10;

    private final BlockingQueue<Waiting> queue;
    private final Outage outage;
    private final JournalWriter writer;
    private final Thread thread;
    private final Optional<PolicySettings> policyBefore;
    private final LineSink sink;
    private volatile boolean closing;

    private Journal(Ground ground, BlockingQueue<Waiting> queue, Outage outage, JournalWriter writer) {
        this.queue = queue;
        this.outage = outage;
        this.writer = writer;
        this.policyBefore = ground.policyBefore();
        this.sink = ground.sink();
        this.thread = new Thread(writer, "audit-journal");
        // A disk that hangs for ever must not keep the process; close() gives it its time.
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Where the trail goes on.
     *
     * @param last the line that the first one of this run is bound to
     * @param policyBefore what the trail says last of what is permitted
     */
    record Ground(LineSink sink, Link last, Optional<PolicySettings> policyBefore) {}

    static Journal on(
            Ground ground,
            Mirrors mirrors,
            OnFailure onFailure,
            Optional<Checkpoints> checkpoints,
            BlockingQueue<Waiting> queue,
            InstantSource clock) {
        Outage outage = new Outage(ground.sink(), onFailure, clock);
        JournalWriter writer =
                new JournalWriter(queue, ground.sink(), ground.last(), outage, mirrors, checkpoints, clock);
        return new Journal(ground, queue, outage, writer);
    }

    /**
     * Opens the trail and starts its thread. Missing directories are created. What stands at the end of the file and is no
     * line of the trail is set aside.
     *
     * @throws JournalException when the file cannot be written or the key not be used; nothing is left running
     */
    public static Journal open(AuditSettings audit) throws JournalException {
        Optional<Checkpoints> checkpoints = Checkpoints.of(audit);
        BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(CAPACITY);
        InstantSource clock = TrailTime.Clocks.SYSTEM.clock();
        if (audit.file().isEmpty()) {
            Ground output = new Ground(new StandardOutput(), Link.NONE, Optional.empty());
            return on(output, Mirrors.open(false, audit.mirrors()), audit.onFailure(), checkpoints, queue, clock);
        }
        Ground file = AuditFile.open(
                Path.of(audit.file().get()), audit, TrailTime.Clocks.SYSTEM, record -> put(record, queue));
        return on(
                file,
                Mirrors.open(audit.stdout() != AuditSettings.Stdout.OFF, audit.mirrors()),
                audit.onFailure(),
                checkpoints,
                queue,
                clock);
    }

    /**
     * So many records, but no more than a sixteenth of the heap holds: whoever makes us record much while the disk stalls
     * shall not make us keep more than there is.
     */
    static int room(int most) {
        return (int) Math.min(most, Runtime.getRuntime().maxMemory() / 16 / RECORD);
    }

    /** For who has a thread of his own and can wait. */
    private static void put(AuditRecord record, BlockingQueue<Waiting> queue) {
        try {
            queue.put(new Waiting(record));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Looks whether the key that signs can be used, and touches nothing.
     *
     * @throws JournalException when it can not
     */
    public static void check(AuditSettings audit) throws JournalException {
        var unused = Checkpoints.of(audit);
    }

    /** What the trail said last of what is permitted, before this run; empty where it said nothing. */
    public Optional<PolicySettings> policyBefore() {
        return policyBefore;
    }

    /**
     * Hands a record over.
     *
     * @return completes on the journal's thread once the line is with the operating system, or on the disk, as
     *     {@code audit.durability} has it; callbacks must not block there. Exceptionally with an
     *     {@link AuditUnavailableException} when it could not be written, unless {@code audit.on-failure} says that work goes
     *     on then
     */
    @Override
    public CompletionStage<Void> record(AuditRecord record) {
        Waiting waiting = new Waiting(record);
        if (closing) {
            outage.giveUp(waiting, JournalWriter.CLOSED);
        } else if (!queue.offer(waiting)) {
            outage.overflow(waiting);
        } else if (writer.hasEnded()) {
            // Nobody takes it out any more, or the writer did so on its last round: this finds out which.
            writer.giveUpAll();
        }
        return waiting.written();
    }

    /** Looks at once whether the file was moved away, and begins it anew; else the next line finds that out. */
    public void follow() {
        var unused = queue.offer(Waiting.NOTHING);
    }

    /** Whether the last line went through and the next one finds room. */
    public boolean available() {
        return !closing && outage.isOver() && queue.remainingCapacity() > 0;
    }

    /** Lines that could not be written since the start, whatever became of what they were about. */
    long lost() {
        return outage.lost();
    }

    /** Lines that are in the trail, but that a mirror of it has missed. */
    long unmirrored() {
        return writer.unmirrored();
    }

    /** Writes what waits and closes the file. Records that come later are not taken. */
    @Override
    public void close() {
        closing = true;
        // What waits is owed a line, whoever is in a hurry; the time is bounded.
        boolean interrupted = Thread.interrupted();
        sink.beginEnd();
        try {
            if (queue.offer(Waiting.LAST, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A record on its way, and those who wait for it. */
    record Waiting(Optional<AuditRecord> record, CompletableFuture<Void> written) {
        /** Wakes the writer, no more. */
        static final Waiting NOTHING = new Waiting(Optional.empty(), new CompletableFuture<>());

        /** Wakes the writer for its last round. */
        static final Waiting LAST = new Waiting(Optional.empty(), new CompletableFuture<>());

        Waiting(AuditRecord record) {
            this(Optional.of(record), new CompletableFuture<>());
        }
    }
}
