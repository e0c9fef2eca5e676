package io.konnectproxy.server.listener;

import io.konnectproxy.address.ClientNetwork;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.capacity.FileDescriptors;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.tunnel.Crowded;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections that cost a client nothing: those without a verdict, or those that were refused and are not
 * closed yet. There is a bound for each client and one for all clients together. At a bound, the oldest connection of
 * the client with the most connections is told to close ({@link Crowded}). A client that sends its request has its
 * verdict within milliseconds, so its connection is rarely the oldest. Thread-safe; no method blocks.
 */
final class BoundedConnections {
    /** The lowest total bound, for a proxy that is configured for a few tunnels. */
    private static final int LEAST = 16;

    /**
     * The delay before the oldest connection is told. In a storm of well-behaved clients behind one address the proxy
     * is late: the request has arrived already and is read in the next run of the event loop. A connection that has its
     * verdict by then ignores the event.
     */
    static final Duration GRACE = Duration.ofMillis(500);

    /** By the number of connections; at the same number, the client that came first is the greater one. */
    private static final Comparator<OfClient> MOST =
            Comparator.comparingInt((OfClient client) -> client.entries.size()).thenComparing(client -> -client.serial);

    private int mostOfClient;
    private int most;
    private final Map<InetAddress, OfClient> clients = new HashMap<>();
    private long serials;
    private int size;

    /**
     * @param mostOfClient connections of one client
     * @param most connections of all clients together
     */
    BoundedConnections(int mostOfClient, int most) {
        this.mostOfClient = mostOfClient;
        this.most = most;
    }

    /** Changes the bounds. They apply with the next connection that enters. */
    synchronized void limit(int mostOfClient, int most) {
        this.mostOfClient = mostOfClient;
        this.most = most;
    }

    /**
     * A quarter of all connections for each of the two kinds leaves half of the file descriptors to tunnels, which use
     * two each.
     */
    static int inAll(Configuration.Limits limits, FileDescriptors descriptors) {
        return Math.max(LEAST, Math.min(limits.tunnels(), descriptors.connections()) / 4);
    }

    /** The place of one connection. */
    static final class Entry {
        private final Channel channel;
        /** Null once it has left. */
        private @Nullable OfClient client;

        private Entry(Channel channel) {
            this.channel = channel;
        }
    }

    private static final class OfClient {
        private final InetAddress address;
        private final long serial;
        /** The oldest first. */
        private final Set<Entry> entries = new LinkedHashSet<>();

        OfClient(InetAddress address, long serial) {
            this.address = address;
            this.serial = serial;
        }
    }

    /** Adds a connection; at a bound, another one is told to close. */
    Entry enter(Channel channel, InetAddress client) {
        Entry entry = new Entry(channel);
        makeRoom(addTo(entry, ClientNetwork.of(client)));
        return entry;
    }

    /** Moves a connection to its client once that is known. */
    void belongTo(Entry entry, InetAddress client) {
        if (leave(entry)) {
            makeRoom(addTo(entry, ClientNetwork.of(client)));
        }
    }

    private synchronized @Nullable Departure addTo(Entry entry, InetAddress network) {
        OfClient client = clients.computeIfAbsent(network, another -> new OfClient(another, serials++));
        client.entries.add(entry);
        entry.client = client;
        size++;
        if (client.entries.size() > mostOfClient) {
            return departure(client, Refusal.CLIENT_TUNNEL_LIMIT);
        }
        return size > most ? departure(Collections.max(clients.values(), MOST), Refusal.TUNNEL_LIMIT) : null;
    }

    /** The connection to be closed, and the reason. */
    private record Departure(Entry entry, Refusal refusal) {}

    private Departure departure(OfClient client, Refusal refusal) {
        Entry oldest = client.entries.iterator().next();
        leave(oldest);
        return new Departure(oldest, refusal);
    }

    private static void makeRoom(@Nullable Departure departure) {
        if (departure != null) {
            Channel channel = departure.entry().channel;
            Crowded event = new Crowded(departure.refusal());
            var unused = channel.eventLoop()
                    .schedule(
                            () -> channel.pipeline().fireUserEventTriggered(event),
                            GRACE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Removes a connection that has its verdict, or is closed.
     *
     * @return false where it was removed before
     */
    synchronized boolean leave(Entry entry) {
        OfClient client = entry.client;
        if (client == null) {
            return false;
        }
        client.entries.remove(entry);
        if (client.entries.isEmpty()) {
            clients.remove(client.address);
        }
        entry.client = null;
        size--;
        return true;
    }

    synchronized int size() {
        return size;
    }

    /** The connections of one client. */
    synchronized int size(InetAddress client) {
        return clients.containsKey(client)
                ? Objects.requireNonNull(clients.get(client)).entries.size()
                : 0;
    }
}
