package io.konnectproxy.wire;

import java.util.Optional;

/**
 * What a TLS handshake has come to.
 *
 * @param alert the name of the alert; empty if there was none, or if it was encrypted
 */
public record HandshakeReading(End end, Optional<String> alert) {
    /** How it ended. */
    public enum End {
        /** Application data went up; in TLS 1.2 it may have gone down first. */
        COMPLETED,
        /** Before that the client sent an alert, {@code close_notify} included. */
        CLIENT_ALERT,
        /** Before that the server sent one. */
        SERVER_ALERT,
        /** None of these: it still goes on, or somebody closed without a word, or there was no TLS. */
        UNFINISHED
    }
}
