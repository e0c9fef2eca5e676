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
 * Limits the attempts of clients that recently sent several different wrong pairs. Repetitions of one pair count once: a
 * data plane with a wrong password repeats it for ever, and must not slow down others behind the same address. Any thread.
 */
final class LoginThrottle {
    /** A client is limited from this number of different wrong pairs within {@link #MEMORY}. */
    static final int FAILURES = 5;

    static final Duration MEMORY = Duration.ofMinutes(5);
    /** The interval between two attempts of a limited client. */
    static final Duration STEP = Duration.ofSeconds(1);
    /** The longest delay of an attempt; Kong gives up after 5 s. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Map<InetAddress, ClientFailures> clients = new LinkedHashMap<>();
    private final int capacity;
    private final LongSupplier nanoTime;

    /** @param capacity how many clients are tracked; the one with the oldest last failure is dropped first */
    LoginThrottle(int capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
    }

    /**
     * When an attempt may be verified.
     *
     * @param slowed whether the client is limited
     * @param delay nanoseconds from now
     */
    record LoginTurn(boolean slowed, long delay) {}

    private static final class ClientFailures {
        /** When each of the latest different wrong pairs was verified, the oldest first. */
        private final Map<PairKey, Long> failures = new LinkedHashMap<>();

        private long nextTurn;
    }

    /** The turn of an attempt that arrives now; empty if its delay would exceed {@link #PATIENCE}. */
    synchronized Optional<LoginTurn> turn(InetAddress client) {
        long now = nanoTime.getAsLong();
        ClientFailures clientFailures = clients.get(client);
        if (clientFailures == null || !slows(clientFailures, now)) {
            return Optional.of(new LoginTurn(false, 0));
        }
        long wait = Math.max(0, clientFailures.nextTurn - now);
        if (wait > PATIENCE.toNanos()) {
            return Optional.empty();
        }
        clientFailures.nextTurn = now + wait + STEP.toNanos();
        return Optional.of(new LoginTurn(true, wait));
    }

    synchronized boolean slows(InetAddress client) {
        return failures(client) >= FAILURES;
    }

    /** The number of different wrong pairs of a client within {@link #MEMORY}; counting ends at {@link #FAILURES}. */
    synchronized int failures(InetAddress client) {
        ClientFailures clientFailures = clients.get(client);
        if (clientFailures == null) {
            return 0;
        }
        forget(clientFailures, nanoTime.getAsLong());
        return clientFailures.failures.size();
    }

    private static boolean slows(ClientFailures clientFailures, long now) {
        forget(clientFailures, now);
        return clientFailures.failures.size() >= FAILURES;
    }

    private static void forget(ClientFailures clientFailures, long now) {
        clientFailures.failures.values().removeIf(at -> now - at >= MEMORY.toNanos());
    }

    /** Records that a pair of this client is wrong. */
    synchronized void failed(InetAddress client, PairKey pair) {
        long now = nanoTime.getAsLong();
        @Nullable ClientFailures before = clients.remove(client);
        ClientFailures clientFailures = before == null ? new ClientFailures() : before;
        if (before == null) {
            clientFailures.nextTurn = now;
        }
        clients.put(client, clientFailures);
        forget(clientFailures, now);
        if (clientFailures.failures.putIfAbsent(pair, now) == null && clientFailures.failures.size() > FAILURES) {
            dropFirst(clientFailures.failures);
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
