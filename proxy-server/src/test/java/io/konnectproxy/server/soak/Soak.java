package io.konnectproxy.server.soak;

import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code .ci/soak} runs: first a storm of data planes, then several minutes of visits of every kind, each in front of the
 * real proxy in a process of its own. Exits with 0 only when nothing stays behind.
 */
final class Soak {
    private Soak() {}

    /** Arguments: minutes, and a seed for those who want the same visits again. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Duration time = Duration.ofMinutes(Integer.parseInt(arguments[0]));
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        Path directory = Files.createTempDirectory("konnect-proxy-soak");
        List<String> faults;
        try (EchoOrigin upstream = new EchoOrigin();
                StandInDns dns = Mix.names()) {
            faults = new ArrayList<>(new StormFigures(directory, dns, upstream).print());
            faults.addAll(mixed(directory, dns, upstream, seed, time));
        } finally {
            delete(directory);
        }
        faults.forEach(fault -> System.out.println("FAULT: " + fault));
        System.out.println(faults.isEmpty() ? "Nothing stays behind." : "Seed: " + seed);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    @SuppressWarnings("SystemOut")
    private static List<String> mixed(Path directory, StandInDns dns, EchoOrigin upstream, long seed, Duration time)
            throws IOException, InterruptedException {
        Files.deleteIfExists(ProxyProcess.auditFile(directory));
        System.out.println("\nMixed visits, seed " + seed + ":\n\n" + Round.HEADER);
        try (ProxyProcess proxy = new ProxyProcess(
                        directory,
                        0,
                        dns.address(),
                        upstream.socket().getLocalPort(),
                        "paranoid",
                        "timeouts: {head: 6s, client-hello: 6s, idle: 6s, connect: 20s}\nlimits: {refusals-per-minute: 500}");
                Visitors visitors = new Visitors(proxy.address());
                AuditCount audit = new AuditCount(ProxyProcess.auditFile(directory))) {
            long end = System.nanoTime() + time.toNanos();
            Rounds rounds = new Rounds(proxy, visitors, new Mix(seed), audit);
            do {
                System.out.println(rounds.next().row());
            } while (System.nanoTime() < end || rounds.rounds().size() < Judgement.WARM_UP + 3);
            printTotals(rounds, audit);
            return Judgement.of(rounds, audit);
        }
    }

    @SuppressWarnings("SystemOut")
    private static void printTotals(Rounds rounds, AuditCount audit) {
        System.out.printf(
                "%nIn all %d visits and %d MiB echoed; %d decision lines for %d requests, %d tunnel lines for %d permitted.%n%n",
                rounds.visits(),
                rounds.carried() >> 20,
                audit.decisions(),
                rounds.decisionsOwed(),
                audit.tunnels(),
                rounds.tunnelsOwed());
        System.out.println("| visit | times |\n|---|--:|");
        rounds.sent().forEach((kind, times) -> System.out.println("| " + kind + " | " + times + " |"));
        System.out.println("\n| audit trail | lines |\n|---|--:|");
        audit.reasons().forEach((reason, times) -> System.out.println("| " + reason + " | " + times + " |"));
        System.out.println();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
