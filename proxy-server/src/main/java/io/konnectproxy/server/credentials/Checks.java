package io.konnectproxy.server.credentials;

import io.konnectproxy.server.fair.FairQueue;
import io.konnectproxy.server.fair.FairQueue.Dropped;
import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The pairs that are queued for hashing or being hashed, each once for all attempts. Clients take turns; a pair that
 * several clients sent is in the queue of each. Any thread.
 */
final class Checks {
    /** Pairs that may be queued, counted once for each client. */
    static final int ROOM = 1024;
    /** Pairs of one client that may be queued: what one thread hashes in about five seconds at a cost of 10. */
    static final int SHARE = 64;

    private final Map<PairKey, Check> checks = new HashMap<>();
    private final FairQueue<InetAddress, Check> turns = new FairQueue<>(ROOM, SHARE);
    private final int threads;
    /** Threads that are reserved, and those of them that have not taken a pair yet. */
    private int reserved;

    private int starting;
    private boolean closed;

    /** @param threads how many may hash at once */
    Checks(int threads) {
        this.threads = threads;
    }

    /**
     * Adds a waiter for the verification of a pair. Where there is no room, another pair is dropped. The waiters of the
     * dropped pair are returned.
     *
     * @param priority of the client; a smaller one goes first
     */
    synchronized List<CompletableFuture<Verification>> join(
            InetAddress client,
            int priority,
            LoginThrottle.LoginTurn turn,
            PairKey pair,
            Credentials.Basic credentials,
            CompletableFuture<Verification> answer) {
        if (closed) {
            return List.of(answer);
        }
        Check check = checks.computeIfAbsent(pair, key -> new Check(key, credentials));
        check.join(turn, answer);
        if (!check.clients().add(client) || check.begun()) {
            return List.of();
        }
        return turns.add(client, priority, check).map(this::dropped).orElse(List.of());
    }

    /** A pair is dropped only if it is in no other queue. */
    private List<CompletableFuture<Verification>> dropped(Dropped<InetAddress, Check> dropped) {
        Check check = dropped.item();
        check.clients().remove(dropped.client());
        return check.clients().isEmpty() ? end(check) : List.of();
    }

    synchronized void leave(PairKey pair, CompletableFuture<Verification> answer) {
        @Nullable Check check = checks.get(pair);
        if (check != null) {
            check.leave(answer);
        }
    }

    /**
     * Whether one more thread is needed, which is reserved then. It must call {@link #begin} and {@link #threadFinished}.
     */
    synchronized boolean reserveThread() {
        if (reserved == threads || turns.size() <= starting) {
            return false;
        }
        reserved++;
        starting++;
        return true;
    }

    synchronized void threadFailedToStart() {
        reserved--;
        starting--;
    }

    synchronized void threadFinished() {
        reserved--;
    }

    /** The next pair to hash; empty if it was dropped in the meantime. */
    synchronized Optional<Check> begin() {
        starting--;
        return turns.next(client -> true).map(client -> {
            Check check = turns.take(client);
            check.begin();
            check.clients().forEach(other -> turns.remove(other, check));
            return check;
        });
    }

    /** A copy of the clients that have sent the pair so far. */
    synchronized List<InetAddress> clients(Check check) {
        return List.copyOf(check.clients());
    }

    /** Removes a pair, so that nobody can join it. Returns its waiters. */
    synchronized List<CompletableFuture<Verification>> end(Check check) {
        checks.remove(check.pair());
        return check.answers();
    }

    synchronized void setPriority(InetAddress client, int priority) {
        turns.setPriority(client, priority);
    }

    /** Refuses new pairs from now on. Returns all waiters. */
    synchronized List<CompletableFuture<Verification>> close() {
        closed = true;
        List<CompletableFuture<Verification>> all = checks.values().stream()
                .flatMap(check -> check.answers().stream())
                .toList();
        checks.values().forEach(check -> check.clients().forEach(client -> turns.remove(client, check)));
        checks.clear();
        return all;
    }
}
