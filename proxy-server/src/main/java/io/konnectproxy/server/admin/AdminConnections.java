package io.konnectproxy.server.admin;

import io.konnectproxy.address.ClientNetwork;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The connections to the admin port. A new connection is always accepted: at the limit an older one is closed for it, one
 * that had an answer first, so that a probe is answered whatever others hold open. Runs on the event loop of the admin
 * port.
 */
final class AdminConnections {
    static final int MOST = 128;
    /** The limit of one client, so that those of another are not closed for it. */
    static final int SHARE = MOST / 4 * 3;

    /** Connections that had an answer, by the time of the last one. */
    private final Map<Channel, InetAddress> answered = new LinkedHashMap<>();
    /** Connections without an answer, by their age. */
    private final Map<Channel, InetAddress> fresh = new LinkedHashMap<>();

    private final Map<InetAddress, Integer> counts = new HashMap<>();

    void add(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress address)) {
            // The peer has closed it already.
            channel.close();
            return;
        }
        InetAddress client = ClientNetwork.of(address.getAddress());
        fresh.put(channel, client);
        channel.closeFuture().addListener(closed -> remove(channel));
        if (counts.merge(client, 1, Integer::sum) > SHARE) {
            closeOneOf(client);
        } else if (size() > MOST) {
            closeOneOfThoseWithMost();
        }
    }

    void answered(Channel channel) {
        InetAddress client = Optional.ofNullable(fresh.remove(channel)).orElseGet(() -> answered.remove(channel));
        if (client != null) {
            answered.put(channel, client);
        }
    }

    /** Of clients with equally many, the one whose connection is the oldest: never the one that has just come. */
    private void closeOneOfThoseWithMost() {
        int most = Collections.max(counts.values());
        closeOldest(client -> Objects.equals(counts.get(client), most));
    }

    private void closeOneOf(InetAddress client) {
        closeOldest(client::equals);
    }

    private void closeOldest(Predicate<InetAddress> clients) {
        oldest(answered, clients).or(() -> oldest(fresh, clients)).ifPresent(Channel::close);
    }

    private static Optional<Channel> oldest(Map<Channel, InetAddress> connections, Predicate<InetAddress> clients) {
        return connections.entrySet().stream()
                .filter(each -> clients.test(each.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** It is counted elsewhere from now on. */
    void leave(Channel channel) {
        remove(channel);
    }

    private void remove(Channel channel) {
        InetAddress client = Optional.ofNullable(fresh.remove(channel)).orElseGet(() -> answered.remove(channel));
        if (client != null) {
            counts.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    int size() {
        return fresh.size() + answered.size();
    }
}
