package io.konnectproxy.server.credentials;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One pair that is being verified, for all who sent it at the same time. */
final class Check {
    private final CompletableFuture<Verification> result = new CompletableFuture<>();
    private final Set<InetAddress> clients = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean hadItsTurn;

    /** @param turn whether this client's attempt had to queue already */
    void join(InetAddress client, Brake.Turn turn) {
        clients.add(client);
        hadItsTurn |= turn.slowed();
    }

    /** Gives true once. */
    boolean begin() {
        return begun.compareAndSet(false, true);
    }

    /** Whether all who wait came from clients that were slowed since, and none of them in its turn. */
    boolean isTooMany(Brake brake) {
        return !hadItsTurn && clients.stream().allMatch(brake::slows);
    }

    Set<InetAddress> clients() {
        return clients;
    }

    CompletableFuture<Verification> result() {
        return result;
    }
}
