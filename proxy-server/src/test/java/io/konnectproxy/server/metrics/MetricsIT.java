package io.konnectproxy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.admin.ExpositionFormat;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.Scrape;
import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the real proxy counts is what its trail says, number by number. */
@Timeout(180)
class MetricsIT {
    /** Set to 10000 for a longer run. */
    private static final int REQUESTS = Integer.getInteger("metrics.requests", 2_000);

    private static final int THREADS = 4;
    private static final String DOWN = "down.us.cp0.konghq.com";
    private static final String UNKNOWN = "eu.api.konghq.com";

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    @RegisterExtension
    private final LogCapture journal = LogCapture.of("io.konnectproxy.journal").expecting("The audit file ");

    /** The figures of both sides, by metric and labels. */
    private record Figures(
            Map<List<String>, Long> decisions,
            Map<List<String>, Long> tunnels,
            long up,
            long down,
            long durations,
            long summed) {

        static Figures of(Scrape scrape) {
            return new Figures(
                    scrape.counts("konnect_proxy_decisions_total"),
                    scrape.counts("konnect_proxy_tunnels_total"),
                    sum(scrape, "up"),
                    sum(scrape, "down"),
                    (long) scrape.value("konnect_proxy_tunnel_duration_seconds_count"),
                    (long) scrape.value("konnect_proxy_audit_summed_refusals_total"));
        }

        private static long sum(Scrape scrape, String direction) {
            return scrape.counts("konnect_proxy_tunnel_bytes_total").entrySet().stream()
                    .filter(series -> series.getKey().get(0).equals(direction))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        static Figures of(List<TrailEvent> trail) {
            Map<List<String>, Long> decisions = new HashMap<>();
            Map<List<String>, Long> tunnels = new HashMap<>();
            long up = 0;
            long down = 0;
            long durations = 0;
            long summed = 0;
            for (TrailEvent event : trail) {
                if (event instanceof TrailEvent.Decision decision) {
                    decisions.merge(series(decision), 1L, Long::sum);
                } else if (event instanceof TrailEvent.Refusals sum) {
                    sum.reasons()
                            .forEach((reason, count) ->
                                    decisions.merge(List.of("", reason, "", "refused"), count, Long::sum));
                    summed += sum.count();
                } else if (event instanceof TrailEvent.TunnelEnd end) {
                    tunnels.merge(List.of(end.outcome()), 1L, Long::sum);
                    up += end.bytesUp();
                    down += end.bytesDown();
                    durations++;
                }
            }
            return new Figures(decisions, tunnels, up, down, durations, summed);
        }

        /** In the order of the labels' names: purpose, reason, region, verdict. */
        private static List<String> series(TrailEvent.Decision decision) {
            return List.of(
                    decision.place().purpose().orElse(""),
                    decision.reason(),
                    decision.place().region().orElse(""),
                    decision.judgement() == Ruling.PERMITTED ? "permitted" : "refused");
        }
    }

    @Test
    void counts_after_a_mixed_load_what_the_trail_says() throws Exception {
        StandInDns dns = StandInDns.start(question -> switch (question.name()) {
            case UNKNOWN -> StandInAnswer.noSuchName();
            case DOWN -> StandInAnswer.of("127.66.0.1");
            default -> StandInAnswer.of("127.0.0.1");
        });
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), dns, "limits: {refusals-per-minute: 100}\n")) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                clients.add(() -> visits(rig, REQUESTS / THREADS));
            }
            assertThat(together(clients)).isEqualTo(REQUESTS);
            Await.until("all tunnels have ended", () -> rig.proxy().connections() == 0);
            long permitted = rig.audit().decisions().stream()
                    .filter(line -> line.path("verdict").asString().equals("permitted"))
                    .count();
            Await.until("all have their line", () -> rig.audit().tunnelEnds().size() == permitted);

            Scrape running = Scrape.of(rig.proxy().admin());
            assertThat(Figures.of(running)).isEqualTo(Figures.of(trail(rig.auditFile())));
            assertThat(running.value("konnect_proxy_audit_lines_total"))
                    .isEqualTo(trail(rig.auditFile()).size());
            assertThat(running.counts("konnect_proxy_tunnels_open")).isEmpty();
            assertThat(running.value("konnect_proxy_connections")).isZero();
            assertThat(running.value("konnect_proxy_memory_held_bytes")).isZero();

            // The end writes the sums of the last minute.
            rig.proxy().close();
            Figures told = Figures.of(trail(rig.auditFile()));
            assertThat(Figures.of(Scrape.of(new String(
                            rig.proxy().metrics().render(ExpositionFormat.PROMETHEUS_TEXT), StandardCharsets.UTF_8))))
                    .isEqualTo(told);
            assertThat(told.decisions().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(REQUESTS);
            assertThat(told.summed()).isPositive();
            assertThat(told.decisions().keySet().stream().map(labels -> labels.get(1)))
                    .contains("konnect_host", "host_not_konnect", "ip_literal", "malformed_request", "not_connect");
            assertThat(told.tunnels().keySet())
                    .contains(
                            List.of("dns_not_found"),
                            List.of("connect_refused"),
                            List.of("sni_mismatch"),
                            List.of("hello_not_tls"));
        }
    }

    private static int visits(Rig rig, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            visit(rig, i % 10);
        }
        return times;
    }

    private static void visit(Rig rig, int kind) throws Exception {
        if (kind == 0) {
            assertThat(rig.served()).isEqualTo("served");
            return;
        }
        try (RawClient client = rig.client()) {
            switch (kind) {
                case 1 -> assertRefused(client.connect("evil.example.com"));
                case 2 -> assertRefused(client.connect("127.0.0.1"));
                case 3 -> assertRefused(client.connect("a.in.cp0.konghq.com"));
                case 4 -> assertRefused(client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
                case 5 -> assertRefused(client.say("CONNECT \u0000 HTTP/1.1\r\n\r\n"));
                case 6 -> assertRefused(client.connect(UNKNOWN));
                case 7 -> assertRefused(client.connect(DOWN));
                case 8 -> cut(client, Hellos.naming("another.us.cp0.konghq.com"));
                default -> cut(client, "not TLS".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static void assertRefused(RawClient client) throws Exception {
        assertThat(client.answer().status()).isGreaterThanOrEqualTo(400);
    }

    private static void cut(RawClient client, byte[] hello) throws Exception {
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        client.say(hello).rest();
    }

    private static int together(List<Callable<Integer>> clients) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(clients.size());
        try {
            int all = 0;
            for (Future<Integer> client : pool.invokeAll(clients)) {
                all += client.get();
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<TrailEvent> trail(Path file) throws Exception {
        EventReader reader = new EventReader();
        List<TrailEvent> events = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            events.add(reader.read(line).event());
        }
        return events;
    }

    @Test
    void bytes_and_tunnels_are_seen_while_a_tunnel_is_open() throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "control-planes: [0646a7d680, aaaaaaaaaa]\n")) {
            try (RawClient client = rig.client()) {
                assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
                byte[] hello = Hellos.naming(Rig.HOST);
                client.say(hello);
                assertThat(client.socket().getInputStream().read()).isPositive();

                Scrape open = Scrape.of(rig.proxy().admin());
                assertThat(open.value("konnect_proxy_tunnels_open", "purpose", "data-plane", "region", "us"))
                        .isEqualTo(1);
                assertThat(open.value(
                                "konnect_proxy_tunnel_bytes_total",
                                "direction",
                                "up",
                                "purpose",
                                "data-plane",
                                "region",
                                "us"))
                        .isEqualTo(hello.length);
                assertThat(open.value("konnect_proxy_connect_duration_seconds_count"))
                        .isEqualTo(1);
                assertThat(open.value("konnect_proxy_control_plane_connected", "control_plane", "0646a7d680"))
                        .isEqualTo(1);
                assertThat(open.value("konnect_proxy_control_plane_connected", "control_plane", "aaaaaaaaaa"))
                        .isZero();
                assertThat(open.counts("konnect_proxy_tunnels_total")).isEmpty();
            }
            Await.until("it has ended", () -> rig.audit().tunnelEnds().size() == 1);
            Scrape closed = Scrape.of(rig.proxy().admin());
            assertThat(closed.value("konnect_proxy_tunnels_open", "purpose", "data-plane", "region", "us"))
                    .isZero();
            assertThat(closed.value("konnect_proxy_control_plane_connected", "control_plane", "0646a7d680"))
                    .isZero();
            assertThat(Figures.of(closed)).isEqualTo(Figures.of(trail(rig.auditFile())));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void what_the_trail_could_not_take_is_lost_and_not_permitted() throws Exception {
        try (Rig rig = Rig.standard()) {
            Path file = rig.auditFile();
            Files.delete(file);
            // Every write there fails with "no space left on device".
            Files.createSymbolicLink(file, Path.of("/dev/full"));
            // Or the first line may still go to the deleted file.
            rig.proxy().followFiles();
            for (int i = 0; i < 3; i++) {
                try (RawClient client = rig.client()) {
                    assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("audit_unavailable");
                }
            }
            Scrape outage = Scrape.of(rig.proxy().admin());
            assertThat(outage.counts("konnect_proxy_decisions_total")).isEmpty();
            assertThat(outage.counts("konnect_proxy_tunnels_total")).isEmpty();
            assertThat(outage.value("konnect_proxy_audit_lost_total")).isEqualTo(3);
            assertThat(outage.value("konnect_proxy_audit_available")).isZero();
            assertThat(outage.value("konnect_proxy_ready")).isZero();

            Files.delete(file);
            assertThat(rig.served()).isEqualTo("served");
            rig.audit().await(line -> line.path("event").asString().equals("tunnel"));
            Scrape over = Scrape.of(rig.proxy().admin());
            assertThat(Figures.of(over)).isEqualTo(Figures.of(trail(file)));
            assertThat(over.value("konnect_proxy_audit_lost_total")).isEqualTo(3);
            assertThat(over.value("konnect_proxy_audit_available")).isEqualTo(1);
        }
    }

    @Test
    void both_formats_are_served_to_those_who_ask() throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "instance: edge-1\n")) {
            var text = Scrape.send(rig.proxy().admin(), "*/*");
            assertThat(text.body())
                    .containsPattern(
                            "konnect_proxy_build_info\\{instance=\"edge-1\",java=\"[^\"]+\",version=\"[^\"]+\"} 1");
            assertThat(text.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(text.body()).contains("\nkonnect_proxy_build_info{", "\nprocess_cpu_seconds_total ", "\njvm_");
            var open = Scrape.send(
                    rig.proxy().admin(),
                    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1");
            assertThat(open.headers().firstValue("content-type"))
                    .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(open.body()).endsWith("# EOF\n");
        }
    }
}
