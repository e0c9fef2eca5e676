package io.konnectproxy.trail;

/** A trail cannot be read. The message is one sentence for the user. */
public final class TrailException extends Exception {
    TrailException(String sentence) {
        super(sentence);
    }
}
