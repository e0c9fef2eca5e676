package io.konnectproxy.server.credentials;

/** STUB. */
public sealed interface Verification {
    record Right(String user) implements Verification {}

    record Wrong(String hint) implements Verification {}

    enum Busy implements Verification {
        BUSY
    }
}
