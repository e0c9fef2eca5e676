package io.konnectproxy.mirror;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.UnreadableLineException;

/** A line of the trail that waits for a mirror. Lines are compared by identity. */
final class MirroredLine {
    /** The bytes of this object, of the headers of its text and of its place in a queue. */
    private static final int OVERHEAD = 64;

    private final String text;

    /** @param text printable ASCII without a line feed */
    MirroredLine(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The bytes of memory that it uses while it waits. */
    int cost() {
        return text.length() + OVERHEAD;
    }

    /**
     * The event in the line. It is read each time and not kept, so that a waiting line uses no more than its {@link
     * #cost}.
     */
    MirroredEvent event() {
        try {
            return new MirroredEvent(new EventReader().read(text));
        } catch (UnreadableLineException e) {
            // Only a defect of this program makes such a line; an exception here would stop the trail as well.
            return MirroredEvent.UNREADABLE;
        }
    }
}
