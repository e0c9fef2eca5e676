package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.trail.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * The audit trail in a file. Records are accepted from any thread without blocking; the journal's own thread writes
 * many of them at once. It must be closed after everything that records.
 */
public final class Journal implements AuditTrail, AutoCloseable {
    /** Records that may wait for the disk: enough for 10,000 tunnels that end at once, where the heap has room. */
    private static final int CAPACITY = room(32_768);

    /** Bytes of a record on the heap, rounded up; with the longest names it is twice as much. */
    private static final int RECORD = 1024;

    private static final long CLOSE_SECONDS = 10;
    /** For what is written, and then for what is archived of it. */
    private static final Duration END = Duration.ofSeconds(CLOSE_SECONDS).plus(AuditFile.LAST_PUSH);

    private static final long CHANGE_SECONDS = 10;

    private final BlockingQueue<Waiting> queue;
    private final Outage outage;
    private final JournalWriter writer;
    private final Thread thread;
    private final Optional<PolicySettings> policyBefore;
    /** The fingerprint of the key that signs. */
    private final Optional<String> signer;

    private final LineSink sink;
    private final Mirrors mirrors;
    private volatile boolean closing;

    private Journal(
            Ground ground,
            Mirrors mirrors,
            Optional<String> signer,
            BlockingQueue<Waiting> queue,
            Outage outage,
            JournalWriter writer) {
        this.mirrors = mirrors;
        this.signer = signer;
        this.queue = queue;
        this.outage = outage;
        this.writer = writer;
        this.policyBefore = ground.policyBefore();
        this.sink = ground.sink();
        this.thread = new Thread(writer, "audit-journal");
        // A disk that does not respond must not keep the process running; close() waits for a bounded time.
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The end of an existing trail, from which it continues.
     *
     * @param last the line that the first line of this run is chained to
     * @param policyBefore the last policy in the trail
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
        return new Journal(ground, mirrors, checkpoints.map(Checkpoints::fingerprint), queue, outage, writer);
    }

    /** {@link #open(String, AuditSettings, Clocks) Opens} the trail with the system's clocks. */
    public static Journal open(String instance, AuditSettings audit) throws JournalException {
        return open(instance, audit, Clocks.SYSTEM);
    }

    /**
     * Opens the trail and starts its thread. Missing directories are created. What follows the last line of the trail
     * in the file is set aside.
     *
     * @param instance the name of this proxy for the receivers of mirrors, and in the archive
     * @throws JournalException when the file cannot be written or the key cannot be used; no thread is running then
     */
    public static Journal open(String instance, AuditSettings audit, Clocks clocks) throws JournalException {
        Optional<Checkpoints> checkpoints = Checkpoints.of(audit);
        BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(CAPACITY);
        InstantSource clock = clocks.clock();
        if (audit.file().isEmpty()) {
            Ground output = new Ground(new StandardOutput(), Link.NONE, Optional.empty());
            return on(
                    output,
                    Mirrors.open(instance, false, audit.mirrors()),
                    audit.onFailure(),
                    checkpoints,
                    queue,
                    clock);
        }
        Ground file =
                AuditFile.open(Path.of(audit.file().get()), instance, audit, clocks, record -> put(record, queue));
        return on(
                file,
                Mirrors.open(instance, audit.stdout() != AuditSettings.Stdout.OFF, audit.mirrors()),
                audit.onFailure(),
                checkpoints,
                queue,
                clock);
    }

    /**
     * This number of records, but no more than fit in a sixteenth of the heap, so that many records during a stall of
     * the disk cannot exhaust the heap.
     */
    static int room(int most) {
        return (int) Math.min(most, Runtime.getRuntime().maxMemory() / 16 / RECORD);
    }

    /** Records with blocking, for a thread that may wait. Also where it is interrupted: what it tells of has happened. */
    private static void put(AuditRecord record, BlockingQueue<Waiting> queue) {
        Waiting waiting = new Waiting(record);
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(waiting);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether the key of these settings, whose file is read for that, is the one that signs.
     *
     * @throws JournalException when it cannot be used
     */
    public boolean isSignedAs(AuditSettings audit) throws JournalException {
        return Checkpoints.of(audit).map(Checkpoints::fingerprint).equals(signer);
    }

    /** The last policy that the trail had before this run; empty where it had none. */
    public Optional<PolicySettings> policyBefore() {
        return policyBefore;
    }

    /**
     * Records.
     *
     * @return completes on the journal's thread, where callbacks must not block, once the line is with the operating
     * system or on the disk, according to {@code audit.durability}. It fails with an {@link AuditUnavailableException}
     * when the line could not be written, unless {@code audit.on-failure} is {@code continue}
     */
    @Override
    public CompletionStage<Void> record(AuditRecord record) {
        Waiting waiting = new Waiting(record);
        if (closing) {
            outage.giveUp(waiting, JournalWriter.CLOSED);
        } else if (!queue.offer(waiting)) {
            outage.overflow(waiting);
        } else if (writer.hasEnded()) {
            // The writer has ended, maybe before it took this record; what is still in the queue is given up.
            writer.giveUpAll();
        }
        return waiting.written();
    }

    /** Has the writer look now whether the file was moved away; otherwise it looks before it writes lines. */
    public void follow() {
        var unused = queue.offer(Waiting.LOOK);
    }

    /**
     * Puts other mirrors, another rotation and another archive in force, behind everything that was recorded so far. Waits until they are,
     * but no longer than ten seconds.
     *
     * @return whether they are in force; false where the disk does not respond, or the trail has ended. Then they will not be
     *     in force later either
     */
    public boolean change(AuditSettings audit) throws InterruptedException {
        Mirrors.PreparedMirrors prepared = mirrors.prepare(audit.mirrors());
        AtomicBoolean settled = new AtomicBoolean();
        Waiting change = Waiting.of(() -> {
            if (settled.compareAndSet(false, true)) {
                put(prepared, audit);
            }
        });
        try {
            return await(change);
        } finally {
            if (settled.compareAndSet(false, true)) {
                mirrors.discard(prepared);
            }
        }
    }

    /** Puts those of before in force again, behind everything that was recorded so far, and waits for nothing. */
    public void restore(AuditSettings audit) {
        Mirrors.PreparedMirrors prepared = mirrors.prepare(audit.mirrors());
        if (closing || !queue.offer(Waiting.of(() -> put(prepared, audit)))) {
            mirrors.discard(prepared);
        }
    }

    private void put(Mirrors.PreparedMirrors prepared, AuditSettings audit) {
        mirrors.change(prepared);
        sink.use(audit);
    }

    private boolean await(Waiting change) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHANGE_SECONDS);
        try {
            if (closing || writer.hasEnded() || !queue.offer(change, CHANGE_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
            change.written().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Whether the last line could be written and there is room for the next one. */
    public boolean available() {
        return !closing && outage.isOver() && queue.remainingCapacity() > 0;
    }

    /** What it has counted so far. Any thread. */
    public JournalFigures figures() {
        return new JournalFigures(writer.lines(), lost(), writer.missed(), sink.archived());
    }

    /**
     * Reports the time of each write from now on, and of its sync where lines must be on the disk.
     *
     * @param nanos called on the journal's thread, so it must not block
     */
    public void onWrite(LongConsumer nanos) {
        writer.onWrite(nanos);
    }

    /** The number of lines since the start that could not be written, whether or not their requests were served. */
    long lost() {
        return outage.lost();
    }

    /** The number of lines in the trail that a mirror has missed. */
    long unmirrored() {
        return writer.missed().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Writes the waiting records, closes the file, and archives it where that is configured. Later records are not written. */
    @Override
    public void close() {
        closing = true;
        // An interrupt must not lose the waiting records; the wait is bounded.
        boolean interrupted = Thread.interrupted();
        sink.beginEnd();
        try {
            if (queue.offer(Waiting.LAST, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.join(END.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A record in the queue, or a change that is made between records, and the future of either.
     *
     * @param change runs on the writer's thread, after the records before it
     */
    record Waiting(Optional<AuditRecord> record, Optional<Runnable> change, CompletableFuture<Void> written) {
        /** Has the writer look now whether the file was moved away. */
        static final Waiting LOOK = new Waiting(Optional.empty(), Optional.empty(), new CompletableFuture<>());

        /** Wakes the writer for its last turn. */
        static final Waiting LAST = new Waiting(Optional.empty(), Optional.empty(), new CompletableFuture<>());

        Waiting(AuditRecord record) {
            this(Optional.of(record), Optional.empty(), new CompletableFuture<>());
        }

        static Waiting of(Runnable change) {
            return new Waiting(Optional.empty(), Optional.of(change), new CompletableFuture<>());
        }
    }
}
