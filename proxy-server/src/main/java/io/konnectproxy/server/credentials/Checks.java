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
 * Pairs that wait to be hashed or are being hashed, each once for all who sent it. Clients take turns; a pair that several
 * clients wait for has a place in the queue of each. Any thread.
 */
final class Checks {
    /** Pairs that may wait, once for each client that waits for them. */
    static final int ROOM = 1024;
    /** Pairs of one client: what one thread hashes in some five seconds at a cost of 10. */
    static final int SHARE = 64;

    private final Map<PairKey, Check> checks = new HashMap<>();
    private final FairQueue<InetAddress, Check> turns = new FairQueue<>(ROOM, SHARE);
    private final int threads;
    /** Threads that were called, and those of them that have not begun. */
    private int called;

    private int coming;
    private boolean closed;

    /** @param threads how many may hash at once */
    Checks(int threads) {
        this.threads = threads;
    }

    /**
     * Adds a waiter for the verification of a pair. Where there is no room, another pair is dropped. The waiters of the
     * dropped pair are returned.
     *
     * @param standing of the client; a smaller one goes first
     */
    synchronized List<CompletableFuture<Verification>> join(
            InetAddress client,
            int standing,
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
        return turns.add(client, standing, check).map(this::turnedAway).orElse(List.of());
    }

    /** A pair is dropped only when no client has a place for it any more. */
    private List<CompletableFuture<Verification>> turnedAway(Dropped<InetAddress, Check> dropped) {
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

    /** Whether one more thread is needed; it must call {@link #begin} and {@link #threadIsDone}. */
    synchronized boolean callThread() {
        if (called == threads || turns.size() <= coming) {
            return false;
        }
        called++;
        coming++;
        return true;
    }

    synchronized void threadDidNotCome() {
        called--;
        coming--;
    }

    synchronized void threadIsDone() {
        called--;
    }

    /** The next pair to hash; empty where it was dropped in the meantime. */
    synchronized Optional<Check> begin() {
        coming--;
        return turns.next(client -> true).map(client -> {
            Check check = turns.take(client);
            check.begin();
            check.clients().forEach(other -> turns.remove(other, check));
            return check;
        });
    }

    /** The clients that a pair is verified for at this moment. */
    synchronized List<InetAddress> clients(Check check) {
        return List.copyOf(check.clients());
    }

    /** Removes a pair, so that nobody can join it. Returns its waiters. */
    synchronized List<CompletableFuture<Verification>> end(Check check) {
        checks.remove(check.pair());
        return check.answers();
    }

    synchronized void stands(InetAddress client, int standing) {
        turns.setPriority(client, standing);
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
