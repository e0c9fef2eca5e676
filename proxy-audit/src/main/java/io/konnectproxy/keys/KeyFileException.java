package io.konnectproxy.keys;

/** A key or password file cannot be used. The message is one sentence for the operator. */
public final class KeyFileException extends Exception {
    public KeyFileException(String sentence) {
        super(sentence);
    }
}
