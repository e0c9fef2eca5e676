package io.konnectproxy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tunnels that are opened, carry one byte there and back, and are closed. */
final class Churn {
    private final Client client;
    private final Route route;
    private final Samples replies = new Samples();

    private Churn(Client client, Route route) {
        this.client = client;
        this.route = route;
    }

    /**
     * So many clients, each with one tunnel after the other.
     *
     * @return of each tunnel the time from CONNECT to the reply
     */
    static Samples atOnce(Client client, Route route, int clients, Duration time)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        return atOnce(client, route, clients, () -> System.nanoTime() - end < 0);
    }

    /** So many clients, until there were so many tunnels. Returns the same. */
    static Samples count(Client client, Route route, int clients, int tunnels)
            throws IOException, InterruptedException {
        AtomicInteger missing = new AtomicInteger(tunnels);
        return atOnce(client, route, clients, () -> missing.getAndDecrement() > 0);
    }

    private static Samples atOnce(Client client, Route route, int clients, BooleanSupplier another)
            throws IOException, InterruptedException {
        Churn churn = new Churn(client, route);
        List<CompletableFuture<Void>> done =
                Stream.generate(CompletableFuture<Void>::new).limit(clients).toList();
        done.forEach(each -> client.loop().execute(() -> churn.oneAfterTheOther(another, each)));
        Client.await(done);
        return churn.replies;
    }

    private void oneAfterTheOther(BooleanSupplier another, CompletableFuture<Void> done) {
        if (!another.getAsBoolean()) {
            done.complete(null);
        } else {
            one().whenComplete((closed, failure) -> {
                if (failure == null) {
                    oneAfterTheOther(another, done);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        }
    }

    /** So many tunnels a second, whether or not those before are done. Returns the same. */
    static Samples paced(Client client, Route route, int perSecond, Duration time)
            throws IOException, InterruptedException {
        Churn churn = new Churn(client, route);
        int count = (int) (perSecond * time.toMillis() / 1000);
        List<CompletableFuture<Void>> done = IntStream.range(0, count)
                .mapToObj(each -> {
                    long begin = TimeUnit.SECONDS.toNanos(1) / perSecond * each;
                    Executor then = task -> client.loop().schedule(task, begin, TimeUnit.NANOSECONDS);
                    return CompletableFuture.supplyAsync(churn::one, then).thenCompose(closed -> closed);
                })
                .toList();
        Client.await(done);
        return churn.replies;
    }

    /** Done when the tunnel is closed again. */
    private CompletableFuture<Void> one() {
        Use use = Echoing.once();
        client.open(route, use);
        return use.up().thenAccept(replies::add).thenCompose(carried -> use.gone());
    }
}
