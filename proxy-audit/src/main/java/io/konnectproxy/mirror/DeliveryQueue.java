package io.konnectproxy.mirror;

import io.konnectproxy.mirror.Transport.DeliveryResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue of lines for one peer, and the thread that sends them. A line stays in the queue until the peer has decided
 * about it, so that the bounds cover all lines that are kept. Every line that is offered is either sent or counted as missed.
 */
final class DeliveryQueue {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryQueue.class);
    static final String SLOW = "it takes lines more slowly than they come";
    private static final String ENDED = "the proxy ended before it took them";

    private static final long LAST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * Bounds.
     *
     * @param lines that may wait
     * @param bytes that they may take up
     * @param batchLines to send at once
     * @param batchBytes to send at once, unless one line is larger
     */
    record Bounds(int lines, long bytes, int batchLines, int batchBytes) {}

    private final String name;
    private final Transport transport;
    private final Bounds bounds;
    private final Misses misses;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stirred = lock.newCondition();
    private final Deque<MirroredLine> queue = new ArrayDeque<>();
    private long bytes;
    private boolean ending;
    private boolean abandoned;
    /** Why the last attempt failed; empty if it did not. */
    private String trouble = "";

    /** Used only by the thread. */
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    DeliveryQueue(String name, Transport transport, Bounds bounds, Misses misses) {
        this.name = name;
        this.transport = transport;
        this.bounds = bounds;
        this.misses = misses;
        this.thread = new Thread(this::run, "audit-mirror " + name);
        // The process does not wait for this thread; awaitEnd is called before it ends.
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Puts a line in the queue, or counts it as missed. Thread-safe; waits only for the lock, which is held briefly.
     */
    void offer(MirroredLine line) {
        lock.lock();
        try {
            if (ending || queue.size() >= bounds.lines() || bytes + line.cost() > bounds.bytes()) {
                misses.add(line, ending ? ENDED : trouble.isEmpty() ? SLOW : trouble);
                return;
            }
            queue.addLast(line);
            bytes += line.cost();
            if (queue.size() == 1) {
                stirred.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    String trouble() {
        lock.lock();
        try {
            return trouble;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a line that is offered now will probably be sent, or no line will be sent any more. */
    boolean isOver() {
        lock.lock();
        try {
            return abandoned
                    || !thread.isAlive()
                    || (trouble.isEmpty() && queue.size() <= bounds.lines() / 2 && bytes <= bounds.bytes() / 2);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try (transport) {
            for (List<MirroredLine> batch = next(); !batch.isEmpty(); batch = next()) {
                deliver(batch);
            }
        } catch (InterruptedException e) {
            // The caller that interrupts has counted the remaining lines as missed.
            Thread.currentThread().interrupt();
        } finally {
            abandon();
        }
    }

    /** The next batch; empty when there will be no more. */
    private List<MirroredLine> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.isEmpty() && !ending) {
                stirred.await();
            }
            List<MirroredLine> batch = new ArrayList<>();
            int size = 0;
            for (Iterator<MirroredLine> waiting = queue.iterator();
                    waiting.hasNext() && batch.size() < bounds.batchLines(); ) {
                MirroredLine line = waiting.next();
                size += line.text().length();
                if (size > bounds.batchBytes() && !batch.isEmpty()) {
                    break;
                }
                batch.add(line);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void deliver(List<MirroredLine> batch) throws InterruptedException {
        while (true) {
            DeliveryResult outcome = send(batch);
            if (outcome instanceof DeliveryResult.Settled settled) {
                settle(batch, settled);
                return;
            }
            DeliveryResult.Postponed failed = (DeliveryResult.Postponed) outcome;
            note(failed.why());
            await(backoff.nanos(failed.after()), failed.after().isEmpty());
        }
    }

    private DeliveryResult send(List<MirroredLine> batch) {
        try {
            return transport.send(batch);
        } catch (RuntimeException e) {
            // A batch that cannot be sent would block all later ones if it were tried again.
            LOG.error("The mirror {} failed: {}.", name, e.toString());
            return new DeliveryResult.Settled(batch.size(), "internal error");
        }
    }

    private void settle(List<MirroredLine> batch, DeliveryResult.Settled settled) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (abandoned) {
                return;
            }
            for (MirroredLine line : batch) {
                queue.removeFirst();
                bytes -= line.cost();
            }
            misses.addSome(settled.refused(), batch, settled.why());
        } finally {
            lock.unlock();
        }
        note(settled.why());
        backoff.reset();
    }

    /** Tells the operator when trouble begins and when it is over. */
    private void note(String why) {
        lock.lock();
        try {
            boolean before = !trouble.isEmpty();
            trouble = why;
            if (abandoned || before != why.isEmpty()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (why.isEmpty()) {
            LOG.warn("The mirror {} takes audit lines again. Missed since the start: {}.", name, misses.total());
        } else {
            LOG.warn(
                    "The mirror {} does not take audit lines: {}. Up to {} of them wait; what it misses is counted,"
                            + " and the trail is complete without it.",
                    name,
                    why,
                    bounds.lines());
        }
    }

    /** @param hurried whether the delay is cut short at the end */
    private void await(long nanos, boolean hurried) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            boolean last = ending && hurried;
            long left = last ? LAST_BACKOFF_NANOS : nanos;
            while (left > 0 && !abandoned && (last || !ending || !hurried)) {
                left = stirred.awaitNanos(left);
            }
            if (abandoned) {
                throw new InterruptedException();
            }
        } finally {
            lock.unlock();
        }
    }

    void beginEnd() {
        lock.lock();
        try {
            ending = true;
            stirred.signal();
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd(long nanoTime) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            abandon();
            transport.close();
            thread.interrupt();
        }
    }

    /** Ends sending. Lines that are left are counted as missed. */
    private void abandon() {
        lock.lock();
        try {
            ending = true;
            abandoned = true;
            queue.forEach(line -> misses.add(line, trouble.isEmpty() ? ENDED : trouble));
            queue.clear();
            bytes = 0;
            stirred.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
