package io.konnectproxy.mirror;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;

/** A line of the trail on its way. Lines are told apart by identity: a peer may get one twice. */
final class MirroredLine {
    /** An object, its text's headers and its place in a queue. */
    private static final int OVERHEAD = 64;

    private final String text;

    /** @param text printable ASCII without a line feed */
    MirroredLine(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Bytes that it takes up while it waits. */
    int cost() {
        return text.length() + OVERHEAD;
    }

    /** What it says. Read each time and not kept, since a line that waits is to take up no more than its {@link #cost}. */
    MirroredEvent event() {
        try {
            return new MirroredEvent(new EventReader().read(text));
        } catch (UnreadableLineException e) {
            // Only a fault of this program's makes such a line; it must not end the trail as well.
            return new MirroredEvent(
                    new EventReader.EventLine(0, "unreadable", new TrailEvent.Unfamiliar(0, "unreadable")));
        }
    }
}
