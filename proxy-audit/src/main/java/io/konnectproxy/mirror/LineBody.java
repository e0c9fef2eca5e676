package io.konnectproxy.mirror;

import io.konnectproxy.siem.LineFormat;
import java.util.Optional;

/**
 * How lines are passed on to a receiver. It is the thread of the mirror that brings a line into its form, not that of the journal.
 *
 * @param instance the name of this proxy
 */
record LineBody(LineFormat format, String instance) {
    /**
     * A line for the receiver. One that cannot be read is passed on as it is.
     *
     * @param event the event in the line
     */
    String of(MirroredLine line, MirroredEvent event) {
        return event.equals(MirroredEvent.UNREADABLE)
                ? line.text()
                : format.of(line.text(), event.line(), Optional.of(instance));
    }
}
