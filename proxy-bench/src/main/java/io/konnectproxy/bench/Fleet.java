package io.konnectproxy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Tunnels that stay open and idle, as those of data planes mostly are. */
final class Fleet {
    /** So many are being opened at once. */
    private static final int AT_ONCE = 64;

    private final Client client;
    private final Route route;

    Fleet(Client client, Route route) {
        this.client = client;
        this.route = route;
    }

    /** Opens so many more. Each has carried a byte when this returns. */
    void grow(int tunnels) throws IOException, InterruptedException {
        for (int missing = tunnels; missing > 0; missing -= AT_ONCE) {
            Client.await(come(Math.min(missing, AT_ONCE)));
        }
    }

    private List<CompletableFuture<Long>> come(int tunnels) {
        List<Use> uses = Stream.<Use>generate(Echoing::new).limit(tunnels).toList();
        client.loop().execute(() -> uses.forEach(use -> client.open(route, use)));
        return uses.stream().map(Use::up).toList();
    }

    /**
     * How a storm went.
     *
     * @param time until the last tunnel was up, or turned away
     * @param errors how many were turned away
     * @param timeouts how many of them with a 504
     * @param slowest from CONNECT to the reply, of those that came up
     */
    record Storm(Duration time, int errors, int timeouts, Duration slowest) {}

    /** All come at the same moment, as when a line was cut and is back. */
    Storm storm(int clients) throws IOException, InterruptedException {
        AtomicInteger errors = new AtomicInteger();
        AtomicInteger timeouts = new AtomicInteger();
        AtomicLong slowest = new AtomicLong();
        long begin = System.nanoTime();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (CompletableFuture<Long> up : come(clients)) {
            all.add(up.handle((nanos, failure) -> {
                if (failure == null) {
                    slowest.accumulateAndGet(nanos, Math::max);
                } else {
                    errors.incrementAndGet();
                    timeouts.addAndGet(String.valueOf(failure.getMessage()).contains(" 504 ") ? 1 : 0);
                }
                return nanos;
            }));
        }
        Client.await(all);
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        return new Storm(time, errors.get(), timeouts.get(), Duration.ofNanos(slowest.get()));
    }
}
