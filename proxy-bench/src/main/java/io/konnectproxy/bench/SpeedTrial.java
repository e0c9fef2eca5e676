package io.konnectproxy.bench;

import io.konnectproxy.bench.Carrying.Direction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Rates, times, CPU and system calls of processes that run all along: every figure of every subject once a round. */
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
    /** Enough that what happens once a second counts for nothing. */
    private static final int TRACED = 3_000;

    private final Client client;
    private final Origin origin;
    private final Options options;
    private final Results results;
    private final Optional<ClosedLoop> loop;
    private final Map<Subject, Running> running = new EnumMap<>(Subject.class);
    private final Map<Subject, Route> routes = new EnumMap<>(Subject.class);
    private final List<Subject> order;

    SpeedTrial(Bench bench, Options options, Set<Subject> subjects, Results results)
            throws IOException, InterruptedException {
        this.client = bench.client();
        this.origin = bench.origin();
        this.options = options;
        this.results = results;
        boolean needsLoop =
                options.groups().contains(Group.LOOP) || options.groups().contains(Group.METHODS);
        this.loop = needsLoop ? Optional.of(new ClosedLoop()) : Optional.empty();
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
            Duration half = options.warmUp().orElse(subject.warmUp()).dividedBy(2);
            Churn.atOnce(client, routes.get(subject), CLIENTS, half);
            for (Direction direction : Direction.values()) {
                carry(subject, direction, 4);
            }
            Echoes.measure(client, routes.get(subject), CLIENTS, ECHOES);
            if (options.has(Group.LOOP, subject) || options.has(Group.METHODS, subject)) {
                loop.orElseThrow().run(running.get(subject), LoopMethod.PLAIN, half.dividedBy(2));
                half = half.dividedBy(2);
            }
            Churn.atOnce(client, routes.get(subject), CLIENTS, half);
        }
    }

    void round() throws IOException, InterruptedException {
        for (int turn = 0; turn < TURNS; turn++) {
            for (Subject subject : nextTurn(Group.TUNNELS)) {
                tunnels(subject);
            }
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Subject subject : nextTurn(Group.LOOP)) {
                loop(subject);
            }
        }
        for (Subject subject : nextTurn(Group.ECHOES)) {
            echoes(subject, 1, Figure.ECHO_1_P50, Figure.ECHO_1_P99);
            echoes(subject, 64, Figure.ECHO_64_P50, Figure.ECHO_64_P99);
        }
        carry(Direction.DOWN, 1, Figure.DOWN_1, Figure.DOWN_1_CPU);
        carry(Direction.DOWN, 4, Figure.DOWN_4, Figure.DOWN_4_CPU);
        carry(Direction.DOWN, 64, Figure.DOWN_64, Figure.DOWN_64_CPU);
        carry(Direction.UP, 1, Figure.UP_1, Figure.UP_1_CPU);
        carry(Direction.UP, 4, Figure.UP_4, Figure.UP_4_CPU);
        carry(Direction.UP, 64, Figure.UP_64, Figure.UP_64_CPU);
        for (Subject subject : nextTurn(Group.FLEET)) {
            fleet(subject);
        }
        for (int turn = 0; turn < TURNS; turn++) {
            methods();
        }
    }

    /** In the other order each time, since the first in a turn has another machine than the last. */
    private List<Subject> nextTurn(Group group) {
        Collections.reverse(order);
        return order.stream().filter(subject -> options.has(group, subject)).toList();
    }

    private void tunnels(Subject subject) throws IOException, InterruptedException {
        double before = cpuSeconds(subject);
        double sleepsBefore = sleeps(subject);
        double generatorBefore = Usage.cpuSecondsAlone(ProcessHandle.current());
        Samples replies = Churn.atOnce(client, routes.get(subject), CLIENTS, TURN);
        double cpu = cpuSeconds(subject) - before;
        double generator = Usage.cpuSecondsAlone(ProcessHandle.current()) - generatorBefore;
        results.add(Figure.TUNNELS_PER_SECOND, subject, replies.size() / (TURN.toMillis() / 1e3));
        results.add(Figure.GENERATOR_CPU, subject, generator * 1e3 / replies.size());
        if (subject != Subject.DIRECT) {
            results.add(Figure.CPU_PER_TUNNEL, subject, cpu * 1e3 / replies.size());
            results.add(Figure.SLEEPS, subject, (sleeps(subject) - sleepsBefore) / replies.size());
            results.addMillis(Figure.REPLY_P50, Figure.REPLY_P99, subject, replies);
        }
    }

    private void loop(Subject subject) throws IOException {
        double before = cpuSeconds(subject);
        double sleepsBefore = sleeps(subject);
        double generatorBefore = loop.orElseThrow().cpuSeconds();
        ClosedLoop.Outcome outcome = loop.orElseThrow().run(running.get(subject), LoopMethod.PLAIN, TURN);
        double cpu = cpuSeconds(subject) - before;
        double generator = loop.orElseThrow().cpuSeconds() - generatorBefore;
        results.add(Figure.LOOP_TUNNELS, subject, outcome.tunnels() / (TURN.toMillis() / 1e3));
        results.add(Figure.LOOP_CPU, subject, cpu * 1e3 / outcome.tunnels());
        results.add(Figure.LOOP_GENERATOR_CPU, subject, generator * 1e3 / outcome.tunnels());
        results.add(Figure.LOOP_SLEEPS, subject, (sleeps(subject) - sleepsBefore) / outcome.tunnels());
        results.add(Figure.LOOP_P50, subject, outcome.p50());
        results.add(Figure.LOOP_P99, subject, outcome.p99());
    }

    /** One method after the other, and all subjects with each: so all of them have the same machine, as far as it has one. */
    private void methods() throws IOException, InterruptedException {
        netty(Figure.METHOD_NETTY_64, CLIENTS);
        netty(Figure.METHOD_NETTY_32, LoopMethod.PLAIN.clients());
        for (LoopMethod method : LoopMethod.values()) {
            for (Subject subject : nextTurn(Group.METHODS)) {
                double before = cpuSeconds(subject);
                double aloneBefore = cpuSecondsAlone(subject);
                int tunnels = loop.orElseThrow()
                        .run(running.get(subject), method, TURN)
                        .tunnels();
                results.add(method.figure(), subject, (cpuSeconds(subject) - before) * 1e3 / tunnels);
                if (method == LoopMethod.PLAIN) {
                    double alone = cpuSecondsAlone(subject) - aloneBefore;
                    results.add(Figure.METHOD_ALONE, subject, alone * 1e3 / tunnels);
                }
            }
        }
    }

    private void netty(Figure figure, int clients) throws IOException, InterruptedException {
        for (Subject subject : nextTurn(Group.METHODS)) {
            double before = cpuSeconds(subject);
            int tunnels =
                    Churn.atOnce(client, routes.get(subject), clients, TURN).size();
            results.add(figure, subject, (cpuSeconds(subject) - before) * 1e3 / tunnels);
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
        for (Subject subject : nextTurn(Group.RELAY)) {
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

    /** Behind everything else: who is followed is slower by far, and may be told so by the kernel for some time. */
    void calls() throws InterruptedException, IOException {
        for (Subject subject : nextTurn(Group.CALLS)) {
            Bench.say("system calls of " + subject.label());
            try (SystemCalls calls = SystemCalls.of(running.get(subject).process())) {
                int tunnels = Churn.count(client, routes.get(subject), CLIENTS, TRACED)
                        .size();
                Map<String, Double> byName = new LinkedHashMap<>();
                calls.count().forEach((name, count) -> byName.put(name, (double) count / tunnels));
                results.addCalls(subject, byName);
                results.add(
                        Figure.CALLS,
                        subject,
                        byName.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum());
            }
        }
    }

    /** 0 where there is no process in between. */
    private double cpuSeconds(Subject subject) {
        return used(subject, Usage::cpuSeconds);
    }

    private double cpuSecondsAlone(Subject subject) {
        return used(subject, Usage::cpuSecondsAlone);
    }

    private double sleeps(Subject subject) {
        return used(subject, Usage::sleeps);
    }

    private double used(Subject subject, ToDoubleFunction<ProcessHandle> usage) {
        return Optional.ofNullable(running.get(subject))
                .map(Running::process)
                .map(usage::applyAsDouble)
                .orElse(0.0);
    }

    @Override
    public void close() {
        client.closeAll();
        loop.ifPresent(ClosedLoop::close);
        running.values().forEach(Running::close);
    }
}
