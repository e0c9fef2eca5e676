package io.konnectproxy.bench.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What {@code .ci/fleet} runs: a fleet under way, in which machines are killed, restarted and lost; then what its archive proves, against
 * what was counted. Exits with 0 only if every expectation holds.
 */
public final class FleetSimulation implements AutoCloseable {
    private static final int USAGE = 64;
    private static final int STORE_PORT = 9000;

    /** Processes that are started or stopped at once. */
    private static final int AT_ONCE = 4;

    private final SimulationOptions options;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Program program;
    private final Store store;
    private final List<Machine> machines = new ArrayList<>();
    private final DataPlanes dataPlanes;
    private final Expectations expectations = new Expectations();
    private final Path directory;

    private FleetSimulation(SimulationOptions options, Path directory) throws IOException, InterruptedException {
        this.options = options;
        this.directory = directory;
        // Nobody else on this machine is likely to listen in this network of loopback.
        String network = "127." + ThreadLocalRandom.current().nextInt(16, 250);
        this.program = new Program(Path.of(property("konnect-proxy.jar")).toAbsolutePath(), directory);
        this.store = new Store(
                property("fleet.classpath"),
                directory.resolve("store"),
                new InetSocketAddress(network + ".0.250", STORE_PORT));
        started.push(store);
        store.start();
        ControlPlanes controlPlanes = new ControlPlanes(new InetSocketAddress(network + ".0.251", 0));
        started.push(controlPlanes);
        program.run("audit", "keygen", "--out", directory.resolve("audit.pem").toString());
        Machine.Site site = new Machine.Site(network, directory, program, controlPlanes.address(), store);
        for (int n = 1; n <= options.proxies(); n++) {
            Machine machine = new Machine(n, site);
            machines.add(machine);
            started.push(machine);
        }
        this.dataPlanes = new DataPlanes(machines, network);
        started.push(dataPlanes);
    }

    /** Arguments: {@code --proxies N}, {@code --data-planes N}, {@code --seconds N}. */
    public static void main(String[] arguments) throws Exception {
        try {
            System.exit(holds(SimulationOptions.parse(Arrays.asList(arguments))) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            say(String.valueOf(e.getMessage()));
            System.exit(USAGE);
        } catch (IOException e) {
            say(String.valueOf(e.getMessage()));
            System.exit(1);
        }
    }

    private static boolean holds(SimulationOptions options) throws Exception {
        Path directory = Path.of(property("fleet.directory"));
        try (FleetSimulation simulation = new FleetSimulation(options, directory)) {
            simulation.run();
            int failed = simulation.expectations.failed();
            say(simulation.expectations.all() + " expectations, of which " + (failed == 0 ? "none" : failed)
                    + " failed.");
            return failed == 0;
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("Start this by .ci/fleet: there is no property " + name + ".");
        }
        return value;
    }

    private void run() throws IOException, InterruptedException {
        say(options.proxies() + " proxies start");
        atOnce(machines, Machine::start);
        say(options.dataPlanes() + " data planes come, for " + options.seconds() + " s");
        dataPlanes.begin(options.dataPlanes(), 5);
        long begin = System.nanoTime();
        at(begin, 0.2);
        machines.get(0).kill();
        machines.get(1).kill();
        machines.get(0).start();
        machines.get(1).start();
        at(begin, 0.35);
        machines.get(2).stop();
        machines.get(2).start();
        at(begin, 1);
        List<Attempt> attempts = dataPlanes.end();
        say("The proxies stop");
        atOnce(machines.stream().filter(Machine::isRunning).toList(), Machine::stop);
        Recorded left = Recorded.of(directory);
        Reckoning reckoning = new Reckoning(left, new Recorded(), machines);
        reckoning.reckon(attempts);
        expectations.note("%,d requests, %,d lines", attempts.size(), left.lines());
        expectations.expect(reckoning.faulty() == 0, "faults %d %s", reckoning.faulty(), reckoning.faults());
        expectations.note(
                "permitted %,d refused %,d; at rest %,d cut %,d killed %,d, unheard %,d %,d, undecided %,d",
                reckoning.permitted.requests,
                reckoning.refused.requests,
                reckoning.atRest.requests,
                reckoning.cut.requests,
                reckoning.killed.requests,
                reckoning.permittedUnheard.requests,
                reckoning.refusedUnheard.requests,
                reckoning.undecided.requests);
    }

    /** Waits until so much of the time is over. */
    private void at(long begin, double share) throws InterruptedException {
        long until = begin + (long) (share * TimeUnit.SECONDS.toNanos(options.seconds()));
        TimeUnit.NANOSECONDS.sleep(Math.max(0, until - System.nanoTime()));
    }

    /** What may fail, done with a machine. */
    private interface Deed {
        void to(Machine machine) throws Exception;
    }

    private static void atOnce(List<Machine> machines, Deed deed) throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Void>> deeds = new ArrayList<>();
            for (Machine machine : machines) {
                deeds.add(() -> {
                    deed.to(machine);
                    return null;
                });
            }
            for (Future<Void> done : workers.invokeAll(deeds)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Progress, for whoever waits. */
    private static void say(String what) {
        System.err.println(what);
    }

    @Override
    public void close() throws IOException {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new IOException("cannot clear up: " + e.getMessage(), e);
            }
        }
    }
}
