package io.konnectproxy.journal;

/** The trail cannot be opened. The message tells the operator what, where, why, and what to do. */
public final class JournalException extends Exception {
    JournalException(String sentence) {
        super(sentence);
    }
}
