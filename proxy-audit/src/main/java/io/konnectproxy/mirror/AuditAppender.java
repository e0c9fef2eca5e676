package io.konnectproxy.mirror;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

/** Prints to standard output and counts, so that it is known at the end what is still to come. */
public final class AuditAppender extends ConsoleAppender<ILoggingEvent> {
    private volatile long count;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread appends, Logback's
    protected void append(ILoggingEvent event) {
        super.append(event);
        count++;
    }

    long count() {
        return count;
    }
}
