package io.konnectproxy.mirror;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard output: the logger {@code audit}, as {@code log} sets it up. It never waits for a reader: when Logback's
 * queue is full, the line is left out and counted as missed. One thread prints.
 */
final class StandardOutputMirror implements Mirror {
    private final Logger audit = LoggerFactory.getLogger("audit");
    private final Optional<AsyncAppender> queue = find(audit, AsyncAppender.class);
    private final Optional<AuditAppender> output = queue.flatMap(async -> find(async, AuditAppender.class));
    private final long printedBefore = output.map(AuditAppender::count).orElse(0L);
    private final Misses misses = new Misses(name());
    private long handedOver;
    private volatile boolean ended;

    @Override
    public String name() {
        return "standard output";
    }

    @Override
    public void print(String line) {
        // No other thread prints, so the room can only grow until the call: a line that passes this check is not
        // dropped by Logback.
        if (queue.isPresent() && queue.get().getRemainingCapacity() == 0) {
            misses.add(new MirroredLine(line), DeliveryQueue.SLOW);
            return;
        }
        handedOver++;
        audit.info(line);
    }

    @Override
    public Optional<Missed> missed() {
        return misses.take(ended
                || queue.isEmpty()
                || queue.get().getRemainingCapacity() > queue.get().getQueueSize() / 2);
    }

    @Override
    public boolean isUnsettled() {
        return misses.count() > 0;
    }

    @Override
    public long missedInAll() {
        return misses.total();
    }

    @Override
    public void beginEnd() {
        ended = true;
    }

    /** Gives the reader some time to take the queued lines, so that the end of the output is not lost. */
    @Override
    public void awaitEnd(long nanoTime) {
        while (output.isPresent()
                && output.get().count() - printedBefore < handedOver
                && System.nanoTime() - nanoTime < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static <A> Optional<A> find(Object owner, Class<A> type) {
        if (owner instanceof AppenderAttachable<?> attachable) {
            for (Iterator<?> all = attachable.iteratorForAppenders(); all.hasNext(); ) {
                Object appender = all.next();
                if (type.isInstance(appender)) {
                    return Optional.of(type.cast(appender));
                }
            }
        }
        return Optional.empty();
    }
}
