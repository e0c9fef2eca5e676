package io.konnectproxy.server.credentials;

import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The verification of one pair, shared by all attempts that sent it at the same time. Guarded by the lock of
 * {@link Checks}.
 */
final class Check {
    private final PairKey pair;
    private final Credentials.Basic credentials;
    private final Set<InetAddress> clients = new LinkedHashSet<>();
    private final Set<CompletableFuture<Verification>> answers = new HashSet<>();
    private boolean wasDelayed;
    private boolean begun;

    Check(PairKey pair, Credentials.Basic credentials) {
        this.pair = pair;
        this.credentials = credentials;
    }

    /** @param turn whether the throttle has delayed this attempt */
    void join(LoginThrottle.LoginTurn turn, CompletableFuture<Verification> answer) {
        answers.add(answer);
        wasDelayed |= turn.slowed();
    }

    @SuppressWarnings("CollectionUndefinedEquality") // Compared by identity.
    void leave(CompletableFuture<Verification> answer) {
        answers.remove(answer);
    }

    void begin() {
        begun = true;
    }

    boolean begun() {
        return begun;
    }

    PairKey pair() {
        return pair;
    }

    Credentials.Basic credentials() {
        return credentials;
    }

    /** Whether the {@link LoginThrottle} has delayed at least one of the attempts. */
    boolean wasDelayed() {
        return wasDelayed;
    }

    /**
     * All clients that sent the pair, those included that sent it while it was hashed. A wrong pair counts as a failure of
     * each.
     */
    Set<InetAddress> clients() {
        return clients;
    }

    List<CompletableFuture<Verification>> answers() {
        return List.copyOf(answers);
    }
}
