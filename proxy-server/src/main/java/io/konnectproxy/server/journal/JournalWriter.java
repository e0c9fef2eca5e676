package io.konnectproxy.server.journal;

import io.konnectproxy.server.config.Configuration.Audit.OnFailure;
import io.konnectproxy.server.journal.Journal.Waiting;
import io.konnectproxy.server.mirror.Mirrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's thread: takes what waits, numbers and encodes it, writes it at once, and only then tells those who wait.
 * A number is never used twice, so that a gap in the file shows what an outage cost.
 */
final class JournalWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    static final String CLOSED = "the audit trail is closed";
    private static final int MAX_BATCH = 1024;
    private static final long RETRY_MILLIS = 1000;

    private final BlockingQueue<Waiting> queue;
    private final LineSink sink;
    private final Mirrors mirrors;
    private final OnFailure onFailure;

    private final LineBuffer lines = new LineBuffer();
    private final List<Line> batch = new ArrayList<>();
    private long seq;
    private boolean last;

    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean overflowing = new AtomicBoolean();
    private volatile boolean healthy = true;
    private volatile boolean ended;

    JournalWriter(BlockingQueue<Waiting> queue, LineSink sink, Mirrors mirrors, OnFailure onFailure) {
        this.queue = queue;
        this.sink = sink;
        this.mirrors = mirrors;
        this.onFailure = onFailure;
    }

    /** One encoded record: where its line stands among the batch's bytes. */
    private record Line(Waiting waiting, int start, int end) {}

    @Override
    public void run() {
        try {
            while (!last || !queue.isEmpty()) {
                turn();
            }
            sink.close();
        } catch (IOException e) {
            LOG.error("{} could not be synced: {}.", sink, FileTrouble.of(e).reason());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("The audit trail has ended: {}. {}", e, consequence());
        } finally {
            end();
        }
    }

    private void turn() throws InterruptedException {
        Waiting first = healthy ? queue.take() : queue.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            // While it is known that nothing is recorded nobody may send anything that would show it is over.
            if (sink.isWritable()) {
                recover();
            }
            return;
        }
        takeBatch(first);
        Append append = batch.isEmpty() ? new Append(0, Optional.empty()) : sink.append(lines.content());
        settle(append);
        if (queue.isEmpty()) {
            overflowing.set(false);
        }
    }

    private void takeBatch(Waiting first) {
        batch.clear();
        lines.cut(0);
        @Nullable Waiting next = first;
        while (next != null) {
            encode(next);
            next = batch.size() < MAX_BATCH ? queue.poll() : null;
        }
    }

    private void encode(Waiting waiting) {
        if (waiting.record().isEmpty()) {
            last = true;
            return;
        }
        int start = lines.size();
        try {
            AuditLine.append(seq + 1, waiting.record().get(), lines);
        } catch (RuntimeException | Error e) {
            lines.cut(start);
            LOG.error("An audit record could not be put into words: {}.", e.toString());
            giveUp(waiting, "the record could not be encoded");
            return;
        }
        seq++;
        batch.add(new Line(waiting, start, lines.size()));
    }

    private void settle(Append append) {
        String why = append.problem()
                .map(problem -> FileTrouble.of(problem).reason())
                .orElse("");
        if (append.problem().isPresent()) {
            fail(why);
        } else if (!batch.isEmpty()) {
            recover();
        }
        for (Line line : batch) {
            if (line.end() <= append.kept()) {
                line.waiting().written().complete(null);
            } else {
                giveUp(line.waiting(), why);
            }
        }
        mirror(append.kept());
    }

    /** What is not recorded and therefore did not happen is not shown either. */
    private void mirror(int kept) {
        for (Line line : batch) {
            if (line.end() <= kept || onFailure == OnFailure.CONTINUE) {
                mirrors.print(lines.text(line.start(), line.end() - 1));
            }
        }
    }

    private void fail(String why) {
        if (healthy) {
            healthy = false;
            LOG.error("{} cannot be written: {}. {}", sink, why, consequence());
        }
    }

    private void recover() {
        if (!healthy) {
            healthy = true;
            LOG.warn("{} can be written again. Lines lost since the start: {}.", sink, lost.get());
        }
    }

    private String consequence() {
        return onFailure == OnFailure.REFUSE
                ? "Every request is refused until it can."
                : "Requests are served unrecorded until it can.";
    }

    /** For a record that found no room. Any thread. */
    void overflow(Waiting waiting) {
        if (overflowing.compareAndSet(false, true)) {
            LOG.error("{} is written too slowly, and no more records can wait. {}", sink, consequence());
        }
        giveUp(waiting, "too many records wait");
    }

    /** Tells whoever waits that there will be no line. Any thread. */
    void giveUp(Waiting waiting, String why) {
        lost.incrementAndGet();
        if (onFailure == OnFailure.CONTINUE) {
            waiting.written().complete(null);
        } else {
            waiting.written().completeExceptionally(new AuditUnavailableException(why));
        }
    }

    /** Empties the queue once nobody writes any more. Any thread. */
    void giveUpAll() {
        for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            if (waiting.record().isPresent()) {
                giveUp(waiting, CLOSED);
            }
        }
    }

    private void end() {
        healthy = false;
        ended = true;
        batch.stream()
                .map(Line::waiting)
                .filter(waiting -> !waiting.written().isDone())
                .forEach(waiting -> giveUp(waiting, CLOSED));
        giveUpAll();
        mirrors.close();
    }

    boolean isHealthy() {
        return healthy;
    }

    boolean hasEnded() {
        return ended;
    }

    long lost() {
        return lost.get();
    }

    long unmirrored() {
        return mirrors.missedInAll();
    }
}
