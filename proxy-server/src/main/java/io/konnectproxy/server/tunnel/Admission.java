package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.config.Configuration;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts client connections, in all and for each address, silent ones included. Any thread. */
final class Admission {
    private final Configuration.Limits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> clients = new ConcurrentHashMap<>();
    private volatile boolean draining;

    Admission(Configuration.Limits limits) {
        this.limits = limits;
    }

    /** Counts a connection, over the limit or not, and says why it may not stay. {@link #left} must follow once. */
    Optional<Refusal> entered(InetAddress client) {
        int inAll = all.incrementAndGet();
        int ofClient = clients.merge(client, 1, Integer::sum);
        if (ofClient > limits.tunnelsPerClient()) {
            return Optional.of(Refusal.CLIENT_TUNNEL_LIMIT);
        }
        return inAll > limits.tunnels() ? Optional.of(Refusal.TUNNEL_LIMIT) : Optional.empty();
    }

    void left(InetAddress client) {
        clients.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
        all.decrementAndGet();
    }

    int connections() {
        return all.get();
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }
}
