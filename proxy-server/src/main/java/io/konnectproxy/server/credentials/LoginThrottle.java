package io.konnectproxy.server.credentials;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the attempts of clients that sent several different wrong pairs lately. Repetitions of one pair count once: a data
 * plane with one wrong password sends it for ever, and must not slow down its neighbours behind the same address. Any thread.
 */
final class LoginThrottle {
    /** A client is limited from this number of different wrong pairs within {@link #MEMORY}. */
    static final int FAILURES = 5;

    static final Duration MEMORY = Duration.ofMinutes(5);
    /** The interval between two attempts of a limited client. */
    static final Duration STEP = Duration.ofSeconds(1);
    /** The longest that an attempt waits for its turn; Kong gives up after 5 s. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Map<InetAddress, Guesses> clients = new LinkedHashMap<>();
    private final int capacity;
    private final LongSupplier nanoTime;

    /** @param capacity how many clients are remembered; those whose last failure is longest ago are forgotten first */
    LoginThrottle(int capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
    }

    /**
     * When an attempt may be verified.
     *
     * @param slowed whether it had to queue
     * @param delay nanoseconds from now
     */
    record LoginTurn(boolean slowed, long delay) {}

    private static final class Guesses {
        /** When each of the last different wrong pairs was found wrong, the oldest first. */
        private final Map<PairKey, Long> failures = new LinkedHashMap<>();

        private long nextTurn;
    }

    /** The turn of an attempt that arrives now; empty where it would wait longer than {@link #PATIENCE}. */
    synchronized Optional<LoginTurn> turn(InetAddress client) {
        long now = nanoTime.getAsLong();
        Guesses guesses = clients.get(client);
        if (guesses == null || !slows(guesses, now)) {
            return Optional.of(new LoginTurn(false, 0));
        }
        long wait = Math.max(0, guesses.nextTurn - now);
        if (wait > PATIENCE.toNanos()) {
            return Optional.empty();
        }
        guesses.nextTurn = now + wait + STEP.toNanos();
        return Optional.of(new LoginTurn(true, wait));
    }

    synchronized boolean slows(InetAddress client) {
        return failures(client) >= FAILURES;
    }

    /** The number of different wrong pairs of a client within {@link #MEMORY}; counting ends at {@link #FAILURES}. */
    synchronized int failures(InetAddress client) {
        Guesses guesses = clients.get(client);
        if (guesses == null) {
            return 0;
        }
        forget(guesses, nanoTime.getAsLong());
        return guesses.failures.size();
    }

    private static boolean slows(Guesses guesses, long now) {
        forget(guesses, now);
        return guesses.failures.size() >= FAILURES;
    }

    private static void forget(Guesses guesses, long now) {
        guesses.failures.values().removeIf(at -> now - at >= MEMORY.toNanos());
    }

    /** Records that a pair of this client is wrong. */
    synchronized void failed(InetAddress client, PairKey pair) {
        long now = nanoTime.getAsLong();
        @Nullable Guesses before = clients.remove(client);
        Guesses guesses = before == null ? new Guesses() : before;
        if (before == null) {
            guesses.nextTurn = now;
        }
        clients.put(client, guesses);
        forget(guesses, now);
        if (guesses.failures.putIfAbsent(pair, now) == null && guesses.failures.size() > FAILURES) {
            dropFirst(guesses.failures);
        }
        if (clients.size() > capacity) {
            dropFirst(clients);
        }
    }

    private static void dropFirst(Map<?, ?> map) {
        Iterator<?> first = map.keySet().iterator();
        first.next();
        first.remove();
    }

    synchronized int size() {
        return clients.size();
    }
}
