package io.konnectproxy.server.credentials;

import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** STUB. */
public final class Users {
    public CompletionStage<Verification> verify(InetAddress client, Credentials.Basic credentials) {
        return CompletableFuture.completedFuture(new Verification.Wrong("stub" + client + credentials.user()));
    }
}
