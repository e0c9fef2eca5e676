package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.Journal.Waiting;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.trail.Link;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's thread. It takes the waiting records, chains their lines to those before, writes them, and only then
 * completes their futures. One write, and one sync where lines must be on the disk, serves all waiting records.
 */
final class JournalWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    static final String CLOSED = "the audit trail is closed";
    private static final int MAX_BATCH = 1024;
    private static final long RETRY_MILLIS = 1000;
    /** The time between two checks of a file that nothing is written to. */
    private static final long WATCH_MILLIS = 10_000;

    private final BlockingQueue<Waiting> queue;
    private final LineSink sink;
    private final Outage outage;
    private final Mirrors mirrors;
    private final Optional<Checkpoints> checkpoints;
    private final InstantSource clock;

    /** The records of this turn. */
    private final List<Waiting> taken = new ArrayList<>();

    private final Batch batch;
    private Optional<AuditRecord.Configured> configured = Optional.empty();
    private long asked = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
    private @Nullable Waiting change;
    private boolean last;
    private volatile boolean ended;
    private final LongAdder lines = new LongAdder();
    private volatile LongConsumer onWrite = nanos -> {};

    /**
     * @param link the line that the first line of this run is chained to
     */
    JournalWriter(
            BlockingQueue<Waiting> queue,
            LineSink sink,
            Link link,
            Outage outage,
            Mirrors mirrors,
            Optional<Checkpoints> checkpoints,
            InstantSource clock) {
        this.queue = queue;
        this.sink = sink;
        this.outage = outage;
        this.mirrors = mirrors;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.batch = new Batch(link);
    }

    @Override
    public void run() {
        try {
            while (!last || !queue.isEmpty()) {
                turn(queue.poll(patience(), TimeUnit.MILLISECONDS));
                change();
            }
            mirrors.close();
            if (mirrors.isUnsettled()) {
                turn(null);
            }
            sink.close();
        } catch (IOException e) {
            LOG.error("{} could not be synced: {}.", sink, FileTrouble.of(e).reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("The audit trail has ended: {}. {}", e, outage.consequence());
        } finally {
            end();
        }
    }

    /** Milliseconds until the next turn if no record comes. */
    private long patience() {
        if (!outage.isOver()) {
            // During an outage there may be no records, so the writer must find out by itself that it is over.
            return RETRY_MILLIS;
        }
        if (outage.hasUnsaid()) {
            return 0;
        }
        long left =
                Math.min(WATCH_MILLIS, checkpoints.map(Checkpoints::millisLeft).orElse(Long.MAX_VALUE));
        return mirrors.isUnsettled() ? Math.min(left, RETRY_MILLIS) : left;
    }

    private void turn(@Nullable Waiting first) {
        batch.clear();
        take(first);
        boolean begins;
        try {
            if (first == null && isIdle() && !sink.watch()) {
                return;
            }
            begins = sink.prepare(batch.link(), !outage.isOver());
        } catch (IOException e) {
            String why = FileTrouble.of(e).reason();
            outage.begin(why);
            taken.forEach(waiting -> outage.unwritten(waiting, why));
            return;
        }
        compose(begins);
        if (!batch.isEmpty()) {
            long begun = System.nanoTime();
            Append append = sink.append(batch.content());
            onWrite.accept(System.nanoTime() - begun);
            settle(append);
        }
        if (queue.isEmpty()) {
            outage.caughtUp();
        }
    }

    /** Whether this turn only checks the file. */
    private boolean isIdle() {
        boolean signs = checkpoints.filter(signer -> signer.millisLeft() == 0).isPresent();
        return outage.isOver() && !outage.hasUnsaid() && !mirrors.isUnsettled() && !signs;
    }

    /** Takes the waiting records, as many as one write may have. Later records are not affected if this turn fails. */
    private void take(@Nullable Waiting first) {
        taken.clear();
        @Nullable Waiting next = first;
        while (next != null) {
            if (next.record().isPresent()) {
                taken.add(next);
            } else if (next.change().isPresent()) {
                // What comes behind it is for the next turn.
                change = next;
                return;
            } else if (next.equals(Waiting.LOOK)) {
                sink.lookNext();
            } else if (next.equals(Waiting.LAST)) {
                last = true;
            }
            next = taken.size() < MAX_BATCH ? queue.poll() : null;
        }
    }

    /** Makes the change that came behind the records of this turn. */
    private void change() {
        if (change != null) {
            change.change().ifPresent(Runnable::run);
            change.written().complete(null);
            change = null;
        }
    }

    /** Encodes the lines of this turn, in their order. */
    private void compose(boolean begins) {
        Instant now = clock.instant();
        if (begins) {
            configured.map(before -> before.forSegment(now)).ifPresent(this::say);
            sink.repeated(now).ifPresent(this::say);
        }
        outage.gap(now).ifPresent(this::say);
        for (Optional<Waiting> held = outage.nextHeld(); held.isPresent(); held = outage.nextHeld()) {
            encode(held.get());
        }
        taken.forEach(waiting -> {
            encode(waiting);
            if (waiting.record().orElseThrow() instanceof AuditRecord.Configured) {
                sink.repeated(now).ifPresent(this::say);
            }
        });
        sink.news().forEach(this::say);
        unmirrored(now);
        checkpoints
                .filter(due -> due.isDue(batch.size(), last))
                .ifPresent(due -> sign(new AuditRecord.Checkpoint(now, due.fingerprint()), due));
    }

    /**
     * Adds the losses of mirrors, not in every turn, because each of these lines can be missed as well, and not during
     * an outage.
     */
    private void unmirrored(Instant now) {
        long sinceAsked = System.nanoTime() - asked;
        boolean due = last || sinceAsked >= TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        if (due && outage.isOver()) {
            asked += sinceAsked;
            mirrors.missed()
                    .forEach(missed -> say(new AuditRecord.Unmirrored(
                            now, missed.mirror(), missed.count(), missed.from(), missed.until(), missed.reason())));
        }
    }

    private void say(AuditRecord record) {
        encode(new Waiting(record));
    }

    private void encode(Waiting waiting) {
        try {
            batch.add(waiting, waiting.record().orElseThrow());
        } catch (RuntimeException | Error e) {
            LOG.error("An audit record could not be put into words: {}.", e.toString());
            outage.giveUp(waiting, "the record could not be encoded");
        }
    }

    private void sign(AuditRecord.Checkpoint checkpoint, Checkpoints signer) {
        batch.add(new Waiting(checkpoint), checkpoint, signer);
    }

    private void settle(Append append) {
        Optional<String> why =
                append.problem().map(problem -> FileTrouble.of(problem).reason());
        if (why.isEmpty()) {
            outage.end();
        } else {
            outage.begin(why.get());
        }
        batch.kept(append.kept());
        for (Batch.Span line : batch.lines()) {
            if (line.end() <= append.kept()) {
                written(line.waiting());
                if (line.waiting().record().orElseThrow() instanceof AuditRecord.Checkpoint) {
                    sink.signed(batch.text(line), line.link());
                }
                if (!mirrors.isEmpty()) {
                    mirrors.print(batch.text(line));
                }
            } else {
                outage.unwritten(line.waiting(), why.orElse(""));
            }
        }
        // A gap line before the failure may have been written and cover all losses so far; a new gap begins here.
        why.ifPresent(outage::begin);
    }

    private void written(Waiting waiting) {
        lines.increment();
        AuditRecord record = waiting.record().orElseThrow();
        if (record instanceof AuditRecord.Checkpoint) {
            checkpoints.ifPresent(Checkpoints::made);
        } else {
            checkpoints.ifPresent(Checkpoints::written);
        }
        if (record instanceof AuditRecord.Gap gap) {
            outage.said(gap);
        } else if (record instanceof AuditRecord.Configured now) {
            configured = Optional.of(now);
        }
        waiting.written().complete(null);
    }

    /** Empties the queue after the writer has ended. Thread-safe. */
    void giveUpAll() {
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            if (waiting.record().isPresent()) {
                outage.giveUp(waiting, CLOSED);
            }
        }
    }

    private void end() {
        ended = true;
        outage.endForGood(CLOSED);
        // An error may have happened before or after the records became lines.
        Stream.concat(taken.stream(), batch.lines().stream().map(Batch.Span::waiting))
                .filter(waiting -> !waiting.written().isDone())
                .forEach(waiting -> outage.giveUp(waiting, CLOSED));
        giveUpAll();
        mirrors.close();
    }

    boolean hasEnded() {
        return ended;
    }

    /** The number of lines that were written. */
    long lines() {
        return lines.sum();
    }

    Map<String, Long> missed() {
        return mirrors.missedInAll();
    }

    void onWrite(LongConsumer nanos) {
        onWrite = nanos;
    }
}
