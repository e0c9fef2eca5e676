package io.konnectproxy.server.credentials;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Clients that recently sent a right pair. They are not admitted by that: their pairs only go first in the queue for
 * hashing. Any thread.
 */
final class ProvenClients {
    static final Duration MEMORY = Duration.ofHours(24);

    private final Map<InetAddress, String> users = new HashMap<>();
    /** For each user: when each client last sent a right pair, the oldest first. */
    private final Map<String, Map<InetAddress, Long>> clients = new HashMap<>();

    private final int capacity;
    private final LongSupplier nanoTime;

    /** @param capacity how many clients are tracked; the oldest client of the user with the most is dropped first */
    ProvenClients(int capacity, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.nanoTime = nanoTime;
    }

    synchronized void right(InetAddress client, String user) {
        forget(client);
        users.put(client, user);
        clients.computeIfAbsent(user, key -> new LinkedHashMap<>()).put(client, nanoTime.getAsLong());
        if (users.size() > capacity) {
            clients.values().stream()
                    .max(Comparator.comparingInt(Map::size))
                    .ifPresent(most -> forget(most.keySet().iterator().next()));
        }
    }

    synchronized boolean has(InetAddress client) {
        @Nullable String user = users.get(client);
        @Nullable
        Long at = user == null ? null : clients.getOrDefault(user, Map.of()).get(client);
        return at != null && nanoTime.getAsLong() - at < MEMORY.toNanos();
    }

    /** Drops the clients of users that no longer exist. */
    synchronized void keep(Predicate<String> users) {
        clients.keySet().removeIf(user -> !users.test(user));
        this.users.values().removeIf(user -> !users.test(user));
    }

    private void forget(InetAddress client) {
        @Nullable String user = users.remove(client);
        @Nullable Map<InetAddress, Long> others = user == null ? null : clients.get(user);
        if (others != null) {
            others.remove(client);
            if (others.isEmpty()) {
                clients.remove(user);
            }
        }
    }
}
