package io.konnectproxy.server.credentials;

import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** STUB. */
public final class Users implements AutoCloseable {
    public static Users of(String file) {
        return new Users();
    }

    public CompletionStage<Verification> verify(InetAddress client, Credentials.Basic credentials) {
        return CompletableFuture.completedFuture(new Verification.Wrong("stub" + client + credentials.user()));
    }

    public void lookNow() {}

    @Override
    public void close() {}
}
