package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The proxy in a process of its own, before a stand-in for Konnect in the test's: arguments are the configuration file and
 * the stand-in's port. It says where it listens, and then answers each line of standard input with one line.
 */
final class HoardingProxy {
    static final String HOARD = "hoard";
    static final String RELEASE = "release";
    static final String LOOPS_CPU = "loops-cpu";

    private final List<FileInputStream> hoard = new ArrayList<>();

    private HoardingProxy() {}

    public static void main(String[] arguments) throws Exception {
        // Clients of this test leave as often as it takes for a sentence, which is none about descriptors.
        ((Logger) LoggerFactory.getLogger("data-planes")).setLevel(Level.OFF);
        loadAll(ProxyServer.class);
        loadAll(Refusal.class);
        Configuration configuration =
                ConfigurationLoader.load(Path.of(arguments[0]), Map.of()).configuration();
        try (ProxyServer server = ProxyServer.startBeforeStandIn(configuration, Integer.parseInt(arguments[1]));
                BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            HoardingProxy process = new HoardingProxy();
            process.obey(LOOPS_CPU);
            server.capacity().sentences(configuration.limits()).forEach(System.err::println);
            System.out.println(server.listeners().get(0).getPort());
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                System.out.println(process.obey(command));
            }
        }
    }

    /** From a directory each class takes a file descriptor when it is loaded; the jar that users run is open from the start. */
    private static void loadAll(Class<?> oneOfThem) throws Exception {
        Path root = Path.of(
                oneOfThem.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('/', '.');
            Class.forName(name.substring(0, name.length() - ".class".length()));
        }
    }

    private String obey(String command) throws IOException, InterruptedException {
        return switch (command) {
            case HOARD -> hoardDescriptors();
            case RELEASE -> releaseDescriptors();
            case LOOPS_CPU -> Long.toString(loopsCpuMillis());
            default -> throw new IllegalArgumentException(command);
        };
    }

    /**
     * Opens files until the system refuses, again and again for a while: whatever else this process had open for a moment
     * would leave one for a client, which then could not be dialled for.
     */
    private String hoardDescriptors() throws InterruptedException {
        String refused = hoardOnce();
        for (int i = 0; i < 10; i++) {
            TimeUnit.MILLISECONDS.sleep(50);
            refused = hoardOnce();
        }
        return refused;
    }

    private String hoardOnce() {
        try {
            while (hoard.size() < 1_000_000) {
                hoard.add(new FileInputStream("/dev/null"));
            }
            return "without end";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String releaseDescriptors() throws IOException {
        for (FileInputStream file : hoard) {
            file.close();
        }
        hoard.clear();
        return "released";
    }

    private static long loopsCpuMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<ThreadInfo> loops = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("tunnel-"))
                .toList();
        if (loops.isEmpty()) {
            throw new IllegalStateException("no thread accepts");
        }
        return loops.stream()
                        .mapToLong(loop -> threads.getThreadCpuTime(loop.getThreadId()))
                        .sum()
                / 1_000_000;
    }
}
