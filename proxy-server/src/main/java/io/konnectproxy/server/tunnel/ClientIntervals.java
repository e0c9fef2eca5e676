package io.konnectproxy.server.tunnel;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits a log message to one a minute for each client, and counts the occurrences between two messages. A client is an
 * IPv4 address or an IPv6 /64. At most {@link #CLIENTS} are tracked; all others share one interval. Thread-safe.
 */
final class ClientIntervals {
    /** As many as the trail distinguishes in a minute ({@link io.konnectproxy.audit.RefusalSums#CLIENTS}). */
    static final int CLIENTS = 1_000;

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    /**
     * The shortest time between two removals of old entries, so that a flood of new clients does not scan all entries
     * each time.
     */
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
     * The result for one occurrence.
     *
     * @param now whether the message is due now
     * @param count the occurrences since the last message, this one included
     * @param apart whether the count is of this client only
     */
    record Told(boolean now, long count, boolean apart) {}

    /** The time of the last message, and the occurrences since. */
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

    /** The clients that are tracked now, where all others count as one. */
    int size() {
        return clients.size();
    }
}
