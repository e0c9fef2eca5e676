package io.konnectproxy.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Fresh processes: what their first tunnels cost, and a storm at the moment in which they listen. */
final class ColdTrial {
    private static final int AT_ONCE = 32;
    /** So many are not waited for in vain where the machine is slow. */
    private static final int PIECE = 1_000;

    private static final int SETTLING_MILLIS = 500;

    private ColdTrial() {}

    static void run(Bench bench, Subject subject, Results results) throws IOException, InterruptedException {
        first(bench, subject, results);
        storm(
                bench,
                subject,
                3_000,
                results,
                Figure.COLD_3000,
                Figure.COLD_3000_SLOWEST,
                Figure.COLD_3000_ERRORS,
                Figure.COLD_3000_TIMEOUTS);
        storm(
                bench,
                subject,
                5_000,
                results,
                Figure.COLD_5000,
                Figure.COLD_5000_SLOWEST,
                Figure.COLD_5000_ERRORS,
                Figure.COLD_5000_TIMEOUTS);
    }

    /** The start itself does not count, nor what follows it on its own. */
    private static void first(Bench bench, Subject subject, Results results) throws IOException, InterruptedException {
        try (Running running = bench.start(subject)) {
            TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
            double atRest = Usage.cpuSeconds(running.process());
            int opened = 0;
            for (Figure figure : new Figure[] {Figure.COLD_1, Figure.COLD_100, Figure.COLD_1000, Figure.COLD_10000}) {
                int all = tunnels(figure);
                while (opened < all) {
                    int next = Math.min(PIECE, all - opened);
                    Churn.count(bench.client(), running.route(), Math.min(AT_ONCE, next), next);
                    opened += next;
                }
                double cpu = Usage.cpuSeconds(running.process()) - atRest;
                results.add(figure, subject, cpu * 1e3 / all);
            }
        }
    }

    private static int tunnels(Figure figure) {
        return switch (figure) {
            case COLD_1 -> 1;
            case COLD_100 -> 100;
            case COLD_1000 -> 1_000;
            case COLD_10000 -> 10_000;
            default -> throw new IllegalArgumentException("no figure of the first tunnels: " + figure);
        };
    }

    private static void storm(
            Bench bench,
            Subject subject,
            int clients,
            Results results,
            Figure time,
            Figure slowest,
            Figure errors,
            Figure timeouts)
            throws IOException, InterruptedException {
        try (Running running = bench.start(subject)) {
            Fleet.Storm storm = new Fleet(bench.client(), running.route()).storm(clients);
            results.add(time, subject, storm.time().toNanos() / 1e6);
            results.add(slowest, subject, storm.slowest().toNanos() / 1e6);
            results.add(errors, subject, storm.errors());
            results.add(timeouts, subject, storm.timeouts());
            bench.client().closeAll();
        }
    }
}
