package io.konnectproxy.server.soak;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.FreePort;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a proxy that has just started serves 5,000 data planes that all come within 5 s: the shipped jar with the shipped flags, beside
 * a busy loop on one processor. {@code .ci/storm} runs it. Clients, origin and name server are in this process, which has run before.
 */
public final class StormTrial {
    private static final int CLIENTS = 5_000;
    /** Kong comes back after a random 5 to 10 s, and waits 5 s for the answer. */
    private static final Duration KONG_WAITS = Duration.ofSeconds(5);

    private static final Pattern REASON = Pattern.compile("HTTP/1\\.1 (\\d+).*?X-Konnect-Proxy-Reason: (\\w+)");

    private final Path java;
    private final Path jar;
    private final List<String> options;

    private StormTrial(Path java, Path jar, List<String> options) {
        this.java = java;
        this.jar = jar;
        this.options = options;
    }

    /** Arguments: the program that runs the proxy, its jar, rounds, busy processors, then options for the program. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        StormTrial trial = new StormTrial(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Arrays.asList(arguments).subList(4, arguments.length));
        int rounds = Integer.parseInt(arguments[2]);
        int busy = Integer.parseInt(arguments[3]);
        System.out.println("  listens  served  answered: median  99 %  longest  over 5 s  CPU  turned away");
        boolean good = true;
        // The first one is for the clients.
        for (int round = 0; round <= rounds; round++) {
            good &= trial.round(round == 0 ? 0 : busy, round > 0) || round == 0;
        }
        System.exit(good ? 0 : 1);
    }

    @SuppressWarnings("SystemOut")
    private boolean round(int busy, boolean counts) throws Exception {
        Path directory = Files.createTempDirectory("konnect-proxy-storm");
        List<Process> loops = new ArrayList<>();
        try (EchoOrigin upstream = new EchoOrigin();
                StandInDns dns = Mix.names()) {
            for (int i = 0; i < busy; i++) {
                loops.add(new ProcessBuilder(
                                "setsid",
                                "taskset",
                                "-c",
                                Integer.toString(i),
                                "timeout",
                                "60",
                                "sh",
                                "-c",
                                "while :; do :; done")
                        .start());
            }
            InetSocketAddress address = free();
            long begun = System.nanoTime();
            Process proxy = start(directory, address, dns, upstream.socket().getLocalPort());
            try {
                awaitListening(proxy, address);
                final long listens = System.nanoTime() - begun;
                try (Storm storm = Mix.storm(address)) {
                    Wave wave = storm.come(CLIENTS, KONG_WAITS);
                    Wave.Welcome welcome = wave.awaitWelcome();
                    Duration cpu = proxy.info().totalCpuDuration().orElse(Duration.ZERO);
                    Map<String, Integer> reasons = new TreeMap<>();
                    welcome.problems().forEach(problem -> reasons.merge(reason(problem), 1, Integer::sum));
                    long late = wave.answeredAfter(KONG_WAITS);
                    System.out.printf(
                            Locale.ROOT,
                            "%7.2f s %7d %13d ms %4d %8d %9d %3.1f s  %s%s%n",
                            listens / 1e9,
                            welcome.served(),
                            welcome.median().toMillis(),
                            welcome.p99().toMillis(),
                            welcome.longest().toMillis(),
                            late,
                            cpu.toMillis() / 1e3,
                            reasons,
                            counts ? "" : " (not counted)");
                    wave.leave();
                    return late == 0 && reasons.isEmpty();
                }
            } finally {
                proxy.destroy();
                proxy.waitFor();
            }
        } finally {
            for (Process loop : loops) {
                loop.descendants().forEach(ProcessHandle::destroyForcibly);
                loop.destroyForcibly();
            }
            delete(directory);
        }
    }

    private static String reason(String problem) {
        Matcher reason = REASON.matcher(problem);
        return reason.find() ? reason.group(1) + " " + reason.group(2) : problem;
    }

    private Process start(Path directory, InetSocketAddress address, StandInDns dns, int upstream) throws IOException {
        Path configuration = Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                listen: [{address: "127.0.0.1:%d"}]
                regions: [us]
                dns: {servers: ["%s"]}
                permit-addresses: [127.0.0.0/8]
                admin: {address: "127.0.0.1:0"}
                timeouts: {drain: 1s}
                audit: {file: "%s", stdout: false}
                """.formatted(
                address.getPort(), NetUtil.toSocketAddressString(dns.address()), directory.resolve("audit.jsonl")));
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                jar
                        + System.getProperty("path.separator")
                        + Path.of(RunBeforeStandIn.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath()),
                RunBeforeStandIn.class.getName(),
                Integer.toString(upstream),
                "run",
                "-c",
                configuration.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static InetSocketAddress free() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.number());
    }

    private static void awaitListening(Process proxy, InetSocketAddress address)
            throws IOException, InterruptedException {
        while (true) {
            try {
                new Socket(address.getAddress(), address.getPort()).close();
                return;
            } catch (IOException e) {
                if (!proxy.isAlive()) {
                    throw new IOException("the proxy does not start", e);
                }
                Thread.sleep(2);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
