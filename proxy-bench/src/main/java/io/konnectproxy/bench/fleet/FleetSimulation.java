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
    private static final int PATIENCE_SECONDS = 60;

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
    private final List<Afterwards.Lost> lost = new ArrayList<>();

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

    private void run() throws Exception {
        Machine killed = machines.get(0);
        Machine killedToo = machines.get(1);
        Machine restarted = machines.get(2);
        Machine restartedOnce = machines.get(3);
        Machine late = machines.get(options.proxies() - 1);
        List<Machine> firstLost = machines.subList(options.proxies() - 3, options.proxies() - 1);
        say(options.proxies() + " proxies start, one of them later");
        atOnce(machines.subList(0, options.proxies() - 1), Machine::start);
        say(options.dataPlanes() + " data planes come, for " + options.seconds() + " s");
        dataPlanes.begin(options.dataPlanes(), options.seconds() / 10);
        long begin = System.nanoTime();
        at(begin, 0.2);
        say("Two proxies are killed, and start again");
        atOnce(List.of(killed, killedToo), Machine::kill);
        atOnce(List.of(killed, killedToo), Machine::start);
        at(begin, 0.35);
        say("Two proxies are restarted");
        atOnce(List.of(restarted, restartedOnce), Machine::stop);
        atOnce(List.of(restarted, restartedOnce), Machine::start);
        at(begin, 0.45);
        say("The store is away for a while");
        store.close();
        at(begin, 0.5);
        store.start();
        at(begin, 0.6);
        say("One is killed once more, and one restarted once more");
        killed.kill();
        restarted.stop();
        atOnce(List.of(killed, restarted), Machine::start);
        at(begin, 0.7);
        say("A machine is lost, with its volume");
        lose(firstLost.get(0));
        at(begin, 0.8);
        late.start();
        say("Another machine is lost");
        lose(firstLost.get(1));
        at(begin, 0.95);
        awaitCheckpoint(late);
        say("The machine that came late is lost, before its first file was finished");
        lose(late);
        at(begin, 1);
        List<Attempt> attempts = dataPlanes.end();
        say("The proxies stop");
        atOnce(machines.stream().filter(Machine::isRunning).toList(), Machine::stop);
        new Afterwards(expectations, program, store, machines, lost, directory.resolve("audit.pem.pub")).look(attempts);
    }

    /** Without one, nothing in the archive says that the machine ever was. */
    private void awaitCheckpoint(Machine machine) throws IOException, InterruptedException {
        for (int tenths = 0; tenths < 10 * PATIENCE_SECONDS; tenths++) {
            if (store.hasObjects(machine)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException(machine.instance() + " archives no checkpoint within " + PATIENCE_SECONDS + " s");
    }

    private void lose(Machine machine) throws IOException, InterruptedException {
        Recorded lines = new Recorded();
        long counted = machine.lose(lines);
        lost.add(new Afterwards.Lost(machine, lines, counted));
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
