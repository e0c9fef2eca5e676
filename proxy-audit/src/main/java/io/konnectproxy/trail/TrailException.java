package io.konnectproxy.trail;

/** A trail cannot be read at all. The message is one sentence for the reader. */
public final class TrailException extends Exception {
    TrailException(String sentence) {
        super(sentence);
    }
}
