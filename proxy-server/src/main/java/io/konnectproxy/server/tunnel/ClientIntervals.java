package io.konnectproxy.server.tunnel;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps what is said of a client from being said more than once a minute, and counts how often it would have been. A client is
 * an IPv4 address or an IPv6 /64. So many are told apart; what is said of all others is said once a minute too. Any thread; a
 * caller waits only for callers with the same client.
 */
final class ClientIntervals {
    /** As many as the trail tells apart in a minute ({@link io.konnectproxy.audit.RefusalSums#CLIENTS}). */
    static final int CLIENTS = 1_000;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /** The oldest are looked for this often at most: a flood of new clients must not cost a look at all of them each time. */
    private static final long SWEEP = TimeUnit.SECONDS.toNanos(1);

    private static final Optional<InetAddress> OTHERS = Optional.empty();

    private final LongSupplier clock;
    private final ConcurrentHashMap<Optional<InetAddress>, Since> clients = new ConcurrentHashMap<>();
    private final AtomicLong nextSweep;

    /** @param clock nanoseconds from any origin */
    ClientIntervals(LongSupplier clock) {
        this.clock = clock;
        this.nextSweep = new AtomicLong(clock.getAsLong());
    }

    /**
     * What became of one occurrence.
     *
     * @param now whether it is to be said now
     * @param count occurrences since it was last said, this one included
     * @param apart whether the count is the client's alone
     */
    record Told(boolean now, long count, boolean apart) {}

    /** When it was last said, and how often it has happened since. */
    private record Since(long said, long count) {}

    Told happened(InetAddress address) {
        long now = clock.getAsLong();
        Optional<InetAddress> client = Optional.of(ClientNetwork.of(address));
        Optional<InetAddress> key = clients.containsKey(client) || hasRoom(now) ? client : OTHERS;
        Told[] told = new Told[1];
        clients.compute(key, (same, found) -> {
            long count = found == null ? 1 : found.count() + 1;
            boolean due = found == null || isOver(found, now);
            told[0] = new Told(due, count, key.isPresent());
            return due ? new Since(now, 0) : new Since(found.said(), count);
        });
        return told[0];
    }

    private boolean hasRoom(long now) {
        if (clients.size() < CLIENTS) {
            return true;
        }
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP)) {
            clients.values().removeIf(since -> isOver(since, now));
        }
        return clients.size() < CLIENTS;
    }

    private static boolean isOver(Since since, long now) {
        return now - since.said() >= MINUTE;
    }

    /** Clients that are told apart at this moment, and the others as one. */
    int size() {
        return clients.size();
    }
}
