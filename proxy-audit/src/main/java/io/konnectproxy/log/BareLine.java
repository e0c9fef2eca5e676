package io.konnectproxy.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;

/** Prints the message only. */
final class BareLine extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        return event.getFormattedMessage() + System.lineSeparator();
    }
}
