package io.konnectproxy.server.soak;

import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Five thousand data planes, a proxy with the limits and times that it has by default, and its sudden death. */
final class StormFigures {
    private static final int CLIENTS = 5_000;
    private static final Duration KONG_WAITS = Duration.ofSeconds(5);

    private final Path directory;
    private final StandInDns dns;
    private final EchoOrigin upstream;
    private final List<String> faults = new ArrayList<>();

    StormFigures(Path directory, StandInDns dns, EchoOrigin upstream) {
        this.directory = directory;
        this.dns = dns;
        this.upstream = upstream;
    }

    /** Prints what it measures, and returns a sentence for each storm in which somebody was not served in time. */
    List<String> print() throws IOException, InterruptedException {
        int port;
        try (ProxyProcess proxy = start(0)) {
            port = proxy.address().getPort();
            try (Storm storm = Mix.storm(proxy.address())) {
                Wave first = come("A proxy just started, all come within 10 s", proxy, storm, Duration.ofSeconds(10));
                proxy.kill();
                first.awaitAllGone();
            }
        }
        try (ProxyProcess proxy = start(port);
                Storm storm = Mix.storm(proxy.address())) {
            Wave second = come("Killed and started again, all come back within 5 s", proxy, storm, KONG_WAITS);
            upstream.resetAll();
            second.awaitAllGone();
            come("All cut by the upstream, all come back at once", proxy, storm, Duration.ZERO)
                    .leave();
        }
        return faults;
    }

    @SuppressWarnings("SystemOut")
    private Wave come(String title, ProxyProcess proxy, Storm storm, Duration within) {
        Counters before = proxy.counters();
        Duration cpu = proxy.cpu();
        Wave wave = storm.come(CLIENTS, within);
        Wave.Welcome welcome = wave.awaitWelcome();
        Duration used = proxy.cpu().minus(cpu);
        Counters open = proxy.counters();
        System.out.printf(
                "%s: %s. The proxy took %.1f s of CPU; it holds %d bytes of heap and %d of direct memory more for each, "
                        + "%d MiB resident.%n",
                title,
                welcome,
                used.toMillis() / 1e3,
                (open.heap() - before.heap()) / CLIENTS,
                (open.direct() - before.direct()) / CLIENTS,
                open.resident() >> 20);
        if (!welcome.problems().isEmpty() || welcome.longest().compareTo(KONG_WAITS) > 0) {
            faults.add(title + ": " + welcome);
            welcome.problems().stream().findFirst().ifPresent(faults::add);
        }
        return wave;
    }

    private ProxyProcess start(int port) throws IOException {
        return new ProxyProcess(
                directory, port, dns.address(), upstream.socket().getLocalPort(), "simple", "");
    }
}
