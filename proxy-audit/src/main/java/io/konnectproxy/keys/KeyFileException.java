package io.konnectproxy.keys;

/** A key cannot be had from its file. The message is one sentence for the operator. */
public final class KeyFileException extends Exception {
    public KeyFileException(String sentence) {
        super(sentence);
    }
}
