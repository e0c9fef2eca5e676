package io.konnectproxy.mirror;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

/** Prints to standard output and counts the lines, so that the end of a run can wait for those still in the queue. */
public final class AuditAppender extends ConsoleAppender<ILoggingEvent> {
    private volatile long count;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Only Logback's worker thread appends.
    protected void append(ILoggingEvent event) {
        super.append(event);
        count++;
    }

    long count() {
        return count;
    }
}
