package io.konnectproxy.server.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Audit.OnFailure;
import io.konnectproxy.server.mirror.Mirrors;
import java.nio.file.Path;
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
    /** Enough for every one of 10,000 tunnels to end at once while the disk stalls. */
    private static final int CAPACITY = 32_768;

    private static final long CLOSE_SECONDS = 10;

    private final BlockingQueue<Waiting> queue;
    private final JournalWriter writer;
    private final Thread thread;
    private volatile boolean closing;

    Journal(LineSink sink, Mirrors mirrors, OnFailure onFailure, int capacity) {
        this.queue = new LinkedBlockingQueue<>(capacity);
        this.writer = new JournalWriter(queue, sink, mirrors, onFailure);
        this.thread = new Thread(writer, "audit-journal");
        // A disk that hangs for ever must not keep the process; close() gives it its time.
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the trail and starts its thread. Missing directories are created.
     *
     * @throws JournalException when the file cannot be written; nothing is left running
     */
    public static Journal open(Configuration.Audit audit) throws JournalException {
        if (audit.file().isEmpty()) {
            return new Journal(new StandardOutput(), Mirrors.open(audit), audit.onFailure(), CAPACITY);
        }
        LineSink file = AuditFile.open(Path.of(audit.file().get()));
        return new Journal(file, Mirrors.open(audit), audit.onFailure(), CAPACITY);
    }

    /**
     * Hands a record over.
     *
     * @return completes on the journal's thread once the line is with the operating system, where callbacks must not
     *     block; exceptionally with an {@link AuditUnavailableException} when it could not be written, unless
     *     {@code audit.on-failure} says that work goes on then
     */
    @Override
    public CompletionStage<Void> record(AuditRecord record) {
        Waiting waiting = new Waiting(record);
        if (closing) {
            writer.giveUp(waiting, JournalWriter.CLOSED);
        } else if (!queue.offer(waiting)) {
            writer.overflow(waiting);
        } else if (writer.hasEnded()) {
            // Nobody takes it out any more, or the writer did so on its last round: this finds out which.
            writer.giveUpAll();
        }
        return waiting.written();
    }

    /** Whether the last line went through and the next one finds room. */
    public boolean available() {
        return !closing && writer.isHealthy() && queue.remainingCapacity() > 0;
    }

    /** Lines that could not be written since the start, whatever became of what they were about. */
    public long lost() {
        return writer.lost();
    }

    /** Lines that are in the trail but that a mirror of it has missed. */
    public long unmirrored() {
        return writer.unmirrored();
    }

    /** Writes what waits and closes the file. Records that come later are not taken. */
    @Override
    public void close() {
        closing = true;
        try {
            if (queue.offer(Waiting.LAST, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A record on its way, and those who wait for it. */
    record Waiting(Optional<AuditRecord> record, CompletableFuture<Void> written) {
        /** Wakes the writer for its last round. */
        private static final Waiting LAST = new Waiting(Optional.empty(), new CompletableFuture<>());

        Waiting(AuditRecord record) {
            this(Optional.of(record), new CompletableFuture<>());
        }
    }
}
