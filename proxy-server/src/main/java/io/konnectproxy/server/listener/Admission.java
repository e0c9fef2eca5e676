package io.konnectproxy.server.listener;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.tunnel.Slot;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts client connections, in total and for each client, including those that send nothing, and the memory that they
 * hold. A client is an IPv4 address or an IPv6 /64, because a /64 is assigned to one host or site as a whole (RFC 6177,
 * RFC 7934). Thread-safe.
 */
final class Admission {
    private volatile Configuration.Limits limits;
    private final MemoryBudget memory;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<InetAddress, Integer> clients = new ConcurrentHashMap<>();
    private volatile boolean draining;

    Admission(Configuration.Limits limits, MemoryBudget memory) {
        this.limits = limits;
        this.memory = memory;
    }

    /** The slot of one connection. It counts only once it is taken. */
    CountedSlot slot(InetAddress peer) {
        return new CountedSlot(memory.share(peer));
    }

    /**
     * What a connection uses of the limits. A connection that is refused uses nothing: otherwise a client over its own
     * limit would also use up the limit of all clients. Not thread-safe.
     */
    final class CountedSlot implements Slot {
        private final MemoryBudget.Share share;
        private boolean taken;
        private boolean relaying;
        private boolean clientClosed;
        private @Nullable InetAddress client;

        private CountedSlot(MemoryBudget.Share share) {
            this.share = share;
        }

        @Override
        public MemoryBudget.Share share() {
            return share;
        }

        /** Counts a connection in the total while its client is not known yet; or returns why it is refused. */
        Optional<Refusal> take() {
            taken = true;
            if (all.incrementAndGet() > limits.tunnels()) {
                leave();
                return Optional.of(Refusal.TUNNEL_LIMIT);
            }
            return hold();
        }

        private Optional<Refusal> hold() {
            if (share.hold(Capacity.CONNECTION)) {
                return Optional.empty();
            }
            leave();
            return Optional.of(Refusal.MEMORY_LIMIT);
        }

        /** Counts a connection for its client; or returns why it is refused, and then it counts nowhere any more. */
        Optional<Refusal> takeFor(InetAddress address) {
            client = ClientNetwork.of(address);
            if (clients.merge(client, 1, Integer::sum) > limits.tunnelsPerClient()) {
                leave();
                return Optional.of(Refusal.CLIENT_TUNNEL_LIMIT);
            }
            boolean named = taken;
            if (named) {
                share.release(Capacity.CONNECTION);
            }
            share.belongTo(client);
            return named ? hold() : take();
        }

        @Override
        public void relaying() {
            relaying = true;
        }

        @Override
        public void relayed() {
            relaying = false;
            if (clientClosed) {
                leave();
            }
        }

        void onClientClosed() {
            clientClosed = true;
            if (!relaying) {
                leave();
            }
        }

        @Override
        public void leave() {
            share.close();
            if (client != null) {
                clients.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
                client = null;
            }
            if (taken) {
                all.decrementAndGet();
                taken = false;
            }
        }
    }

    /** Applies to connections from now on. */
    void limit(Configuration.Limits changed) {
        limits = changed;
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
