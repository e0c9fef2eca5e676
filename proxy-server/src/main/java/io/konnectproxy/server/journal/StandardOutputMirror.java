package io.konnectproxy.server.journal;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows audit lines on standard output besides the file: the logger {@code audit} of {@code logback.xml}. Never waits for
 * a reader; a line that finds Logback's queue full is left out and counted. Printed to by one thread.
 */
final class StandardOutputMirror {
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger audit = LoggerFactory.getLogger("audit");
    private final Optional<AsyncAppender> queue = find(audit, AsyncAppender.class);
    private final Optional<AuditAppender> output = queue.flatMap(async -> find(async, AuditAppender.class));
    private final long printedBefore = output.map(AuditAppender::count).orElse(0L);
    private long handedOver;
    private final AtomicLong discarded = new AtomicLong();

    void print(String line) {
        // Room can only grow until the call, since nobody else prints: what Logback would drop silently is known here.
        if (queue.isPresent() && queue.get().getRemainingCapacity() == 0) {
            discarded.incrementAndGet();
            return;
        }
        handedOver++;
        audit.info(line);
    }

    long discarded() {
        return discarded.get();
    }

    /** Gives the reader a moment to take what was printed, so that the end of a run is not cut off. */
    void flush() {
        long deadline = System.nanoTime() + FLUSH_NANOS;
        while (output.isPresent()
                && output.get().count() - printedBefore < handedOver
                && System.nanoTime() - deadline < 0) {
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
