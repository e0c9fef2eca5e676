package io.konnectproxy.server.soak;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** Data planes that all come at once, or nearly: each with an address of its own, as Kong's client speaks. */
public final class Storm implements AutoCloseable {
    private final Visitors visitors;
    private final byte[] head;
    private final byte[] hello;

    /**
     * @param hello a ClientHello for the host
     */
    public Storm(InetSocketAddress proxy, String host, byte[] hello) {
        this.visitors = new Visitors(proxy);
        this.head = Visitors.kongHead(host);
        this.hello = hello;
    }

    /** So many come, evenly spread over the time given, each from an address of its own. Returns at once. */
    public Wave come(int clients, Duration within) {
        return come(clients, within, client -> client);
    }

    /** The same from one address. */
    public Wave comeFromOneAddress(int clients, Duration within) {
        return come(clients, within, client -> 0);
    }

    private Wave come(int clients, Duration within, IntUnaryOperator address) {
        List<StayingVisit> visits = new ArrayList<>(clients);
        for (int i = 0; i < clients; i++) {
            int client = address.applyAsInt(i);
            StayingVisit visit = new StayingVisit(head, hello);
            visits.add(visit);
            visitors.loop()
                    .schedule(() -> visitors.send(visit, client), within.toNanos() / clients * i, TimeUnit.NANOSECONDS);
        }
        return new Wave(visits);
    }

    @Override
    public void close() {
        visitors.close();
    }
}
