package io.konnectproxy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process from its start: what it takes at rest, how it serves the first, what it takes with idle tunnels. */
final class FleetTrial {
    private static final int FIRST = 1_000;
    private static final int ALL = 5_000;
    private static final int PER_SECOND = 200;
    private static final Duration FIRST_SECONDS = Duration.ofSeconds(2);
    private static final int SETTLING_MILLIS = 500;

    private FleetTrial() {}

    static void run(Bench bench, Subject subject, Results results) throws IOException, InterruptedException {
        try (Running running = bench.start(subject)) {
            Client client = bench.client();
            results.add(Figure.START, subject, running.timeToListening().toNanos() / 1e6);
            results.add(Figure.REST, subject, resident(running) / 1024 / 1024);

            Samples replies = Churn.paced(client, running.route(), PER_SECOND, FIRST_SECONDS);
            results.addMillis(Figure.FIRST_P50, Figure.FIRST_P99, subject, replies);
            double before = resident(running);
            Fleet fleet = new Fleet(client, running.route());
            fleet.grow(FIRST);
            results.add(Figure.IDLE_1000, subject, (resident(running) - before) / FIRST / 1024);
            fleet.grow(ALL - FIRST);
            results.add(Figure.IDLE_5000, subject, (resident(running) - before) / ALL / 1024);
            client.closeAll();
        }
    }

    private static double resident(Running running) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
        return Usage.residentBytes(running.process());
    }
}
