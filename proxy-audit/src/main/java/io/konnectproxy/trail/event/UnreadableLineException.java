package io.konnectproxy.trail.event;

/** A line that cannot be parsed. The message completes a sentence that begins with the position of the line. */
public final class UnreadableLineException extends Exception {
    UnreadableLineException(String reason) {
        super(reason, null, false, false);
    }
}
