package io.konnectproxy.server.mirror;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Where Logback hands a mirror's lines over: they are put in its queue, which never blocks. */
final class MirrorAppender extends AppenderBase<ILoggingEvent> {
    private final Delivery delivery;
    private volatile long count;

    MirrorAppender(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // AppenderBase lets one thread in at a time
    protected void append(ILoggingEvent event) {
        count++;
        delivery.offer(new Line(event.getFormattedMessage()));
    }

    long count() {
        return count;
    }
}
