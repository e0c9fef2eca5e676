package io.konnectproxy.server.tunnel;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.config.Configuration;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts client connections, in all and for each {@link ClientNetwork client}, silent ones included. Any thread. */
final class Admission {
    private final Configuration.Limits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> clients = new ConcurrentHashMap<>();
    private volatile boolean draining;

    Admission(Configuration.Limits limits) {
        this.limits = limits;
    }

    /**
     * Counts a connection, or says why it may not stay. One that may not is not counted: otherwise a client over its own
     * limit would use up what is there for all. {@link #left} must follow once for one that may.
     */
    Optional<Refusal> entered(InetAddress address) {
        InetAddress client = ClientNetwork.of(address);
        int inAll = all.incrementAndGet();
        int ofClient = clients.merge(client, 1, Integer::sum);
        if (ofClient > limits.tunnelsPerClient()) {
            left(address);
            return Optional.of(Refusal.CLIENT_TUNNEL_LIMIT);
        }
        if (inAll > limits.tunnels()) {
            left(address);
            return Optional.of(Refusal.TUNNEL_LIMIT);
        }
        return Optional.empty();
    }

    void left(InetAddress address) {
        clients.computeIfPresent(ClientNetwork.of(address), (client, count) -> count == 1 ? null : count - 1);
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
