package io.konnectproxy.bench;

import io.konnectproxy.bench.Carrying.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rates, times and CPU of processes that run all along: every figure of every subject once a round. */
final class SpeedTrial implements AutoCloseable {
    private static final int CLIENTS = 64;
    private static final int STORM = 3_000;
    private static final int IDLE = 5_000;
    private static final int TURNS = 4;
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final int PER_SECOND = 200;
    private static final Duration PACED = Duration.ofSeconds(2);
    private static final Duration ECHOES = Duration.ofSeconds(1);
    private static final int CARRYING_MILLIS = 1_000;

    private final Client client;
    private final Origin origin;
    private final Results results;
    private final Map<Subject, Running> running = new EnumMap<>(Subject.class);
    private final Map<Subject, Route> routes = new EnumMap<>(Subject.class);
    private final List<Subject> order;

    SpeedTrial(Bench bench, Set<Subject> subjects, Results results) throws IOException, InterruptedException {
        this.client = bench.client();
        this.origin = bench.origin();
        this.results = results;
        for (Subject subject : subjects) {
            if (subject == Subject.DIRECT) {
                routes.put(subject, Route.direct());
            } else {
                Running process = bench.start(subject);
                running.put(subject, process);
                routes.put(subject, process.route());
            }
        }
        this.order = new ArrayList<>(routes.keySet());
    }

    /** All kinds of use, for what was compiled for one of them is compiled anew when the next one comes. */
    void warmUp() throws IOException, InterruptedException {
        for (Subject subject : routes.keySet()) {
            Bench.say("warming up " + subject.label());
            Churn.atOnce(client, routes.get(subject), CLIENTS, subject.warmUp().dividedBy(2));
            for (Direction direction : Direction.values()) {
                carry(subject, direction, 4);
            }
            Echoes.measure(client, routes.get(subject), CLIENTS, ECHOES);
            Churn.atOnce(client, routes.get(subject), CLIENTS, subject.warmUp().dividedBy(2));
        }
    }

    void round() throws IOException, InterruptedException {
        for (int turn = 0; turn < TURNS; turn++) {
            for (Subject subject : nextTurn()) {
                churn(subject);
            }
        }
        for (Subject subject : nextTurn()) {
            echoes(subject, 1, Figure.ECHO_1_P50, Figure.ECHO_1_P99);
            echoes(subject, 64, Figure.ECHO_64_P50, Figure.ECHO_64_P99);
        }
        carry(Direction.DOWN, 1, Figure.DOWN_1, Figure.DOWN_1_CPU);
        carry(Direction.DOWN, 4, Figure.DOWN_4, Figure.DOWN_4_CPU);
        carry(Direction.DOWN, 64, Figure.DOWN_64, Figure.DOWN_64_CPU);
        carry(Direction.UP, 1, Figure.UP_1, Figure.UP_1_CPU);
        carry(Direction.UP, 4, Figure.UP_4, Figure.UP_4_CPU);
        carry(Direction.UP, 64, Figure.UP_64, Figure.UP_64_CPU);
        for (Subject subject : nextTurn()) {
            fleet(subject);
        }
    }

    /** In the other order each time, since the first in a turn has another machine than the last. */
    private List<Subject> nextTurn() {
        Collections.reverse(order);
        return List.copyOf(order);
    }

    private void churn(Subject subject) throws IOException, InterruptedException {
        double before = cpuSeconds(subject);
        Samples replies = Churn.atOnce(client, routes.get(subject), CLIENTS, TURN);
        double cpu = cpuSeconds(subject) - before;
        results.add(Figure.TUNNELS_PER_SECOND, subject, replies.size() / (TURN.toMillis() / 1e3));
        if (subject != Subject.DIRECT) {
            results.add(Figure.CPU_PER_TUNNEL, subject, cpu * 1e3 / replies.size());
            results.addMillis(Figure.REPLY_P50, Figure.REPLY_P99, subject, replies);
        }
    }

    private void echoes(Subject subject, int tunnels, Figure median, Figure p99)
            throws IOException, InterruptedException {
        Samples times = Echoes.measure(client, routes.get(subject), tunnels, ECHOES);
        results.add(median, subject, times.micros(0.5));
        results.add(p99, subject, times.micros(0.99));
    }

    private void carry(Direction direction, int tunnels, Figure speed, Figure cpu)
            throws IOException, InterruptedException {
        for (Subject subject : nextTurn()) {
            Carrying carried = carry(subject, direction, tunnels);
            results.add(speed, subject, carried.gigabytesPerSecond());
            if (subject != Subject.DIRECT) {
                results.add(cpu, subject, carried.cpuSecondsPerGigabyte());
            }
        }
    }

    private Carrying carry(Subject subject, Direction direction, int tunnels) throws IOException, InterruptedException {
        return Carrying.measure(
                client, origin, routes.get(subject), direction, tunnels, CARRYING_MILLIS, () -> cpuSeconds(subject));
    }

    private void fleet(Subject subject) throws IOException, InterruptedException {
        paced(subject, Figure.PACED_P50, Figure.PACED_P99);
        Fleet fleet = new Fleet(client, routes.get(subject));
        Fleet.Storm storm = fleet.storm(STORM);
        results.add(Figure.STORM, subject, storm.time().toNanos() / 1e6);
        results.add(Figure.STORM_ERRORS, subject, storm.errors());
        fleet.grow(IDLE - STORM);
        paced(subject, Figure.PACED_BESIDE_P50, Figure.PACED_BESIDE_P99);
        client.closeAll();
    }

    private void paced(Subject subject, Figure median, Figure p99) throws IOException, InterruptedException {
        if (subject == Subject.DIRECT) {
            return;
        }
        Samples replies = Churn.paced(client, routes.get(subject), PER_SECOND, PACED);
        results.addMillis(median, p99, subject, replies);
    }

    /** 0 where there is no process in between. */
    private double cpuSeconds(Subject subject) {
        Running process = running.get(subject);
        return process == null ? 0 : Usage.cpuSeconds(process.process());
    }

    @Override
    public void close() {
        client.closeAll();
        running.values().forEach(Running::close);
    }
}
