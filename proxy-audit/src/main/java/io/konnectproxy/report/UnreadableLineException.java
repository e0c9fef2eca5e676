package io.konnectproxy.report;

/** A line that says nothing that could be counted. The message ends a sentence that begins with the line's place. */
final class UnreadableLineException extends Exception {
    UnreadableLineException(String reason) {
        super(reason, null, false, false);
    }
}
