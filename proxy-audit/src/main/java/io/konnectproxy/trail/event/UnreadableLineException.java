package io.konnectproxy.trail.event;

/** A line that says nothing that could be counted. The message ends a sentence that begins with the line's place. */
public final class UnreadableLineException extends Exception {
    UnreadableLineException(String reason) {
        super(reason, null, false, false);
    }
}
