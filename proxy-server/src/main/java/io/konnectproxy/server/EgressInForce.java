package io.konnectproxy.server;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.upstream.Egress;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * How upstreams are reached now, and those ways of before that a request may still be using. Changed by one thread at a time;
 * read by any.
 */
final class EgressInForce implements AutoCloseable {
    /** What a request may take beyond its {@code timeouts.connect}. */
    private static final Duration SPARE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Set<Egress> replaced = ConcurrentHashMap.newKeySet();
    /** The longest time to connect that was in force together with {@link #now}. */
    private Duration patience = Duration.ZERO;

    private volatile Egress now;

    /**
     * @param loop of DNS
     * @throws IOException with a sentence for the operator
     */
    EgressInForce(Configuration configuration, EventLoop loop, UnaryOperator<InetSocketAddress> redirect)
            throws IOException {
        this.loop = loop;
        this.now = Egress.open(configuration, loop, redirect);
    }

    Egress now() {
        return now;
    }

    /**
     * The one for a changed configuration, which {@link #put} puts in force and {@link #discard} closes.
     *
     * @throws IOException with a sentence for the operator
     */
    Egress following(Configuration next) throws IOException {
        return now.following(next, loop);
    }

    /** Closes one that was not put in force. */
    void discard(Egress following) {
        if (!following.equals(now)) {
            following.close();
        }
    }

    /**
     * Puts it in force. The one before is closed once the last request that began with it has its connection.
     *
     * @param connect how long a request that began until now may take to connect
     */
    void put(Egress following, Duration connect) {
        Egress before = now;
        Duration longest = patience.compareTo(connect) < 0 ? connect : patience;
        if (following.equals(before)) {
            patience = longest;
            return;
        }
        now = following;
        patience = Duration.ZERO;
        replaced.add(before);
        following.resolver().warmUp();
        var unused = loop.schedule(
                () -> {
                    if (replaced.remove(before)) {
                        before.close();
                    }
                },
                longest.plus(SPARE).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        now.close();
        replaced.forEach(Egress::close);
    }
}
