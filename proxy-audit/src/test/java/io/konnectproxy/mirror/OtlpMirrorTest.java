package io.konnectproxy.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.mirror.OtlpCollector.Reply;
import io.konnectproxy.siem.LineFormat;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.TestAuthority;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenTelemetry logs, with a collector that decodes what it gets and answers what it likes. */
class OtlpMirrorTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.mirror").expecting("The mirror otlp+");

    private static final DeliveryQueue.Bounds USUAL = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);
    private static final DeliveryQueue.Bounds NARROW = new DeliveryQueue.Bounds(100, 16 << 20, 20, 64 << 10);

    private final List<PeerMirror> opened = new ArrayList<>();

    private PeerMirror mirror(int port, DeliveryQueue.Bounds bounds) {
        return mirror("http", port, Optional.empty(), bounds, Duration.ofSeconds(20));
    }

    private PeerMirror mirror(
            String scheme,
            int port,
            Optional<TrustedCertificates> trust,
            DeliveryQueue.Bounds bounds,
            Duration patience) {
        return mirror(scheme, port, trust, bounds, patience, LineFormat.LINE);
    }

    private PeerMirror mirror(
            String scheme,
            int port,
            Optional<TrustedCertificates> trust,
            DeliveryQueue.Bounds bounds,
            Duration patience,
            LineFormat format) {
        OtlpSender sender = new OtlpSender(trust, Duration.ofSeconds(10), patience);
        URI endpoint = URI.create(scheme + "://localhost:" + port + "/v1/logs");
        PeerMirror mirror = new PeerMirror(
                "otlp+" + scheme + "://localhost:" + port,
                new OtlpTransport("proxy-1", sender, endpoint, format),
                bounds);
        opened.add(mirror);
        return mirror;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(PeerMirror::beginEnd);
        opened.forEach(mirror -> mirror.awaitEnd(System.nanoTime()));
    }

    private static void close(PeerMirror mirror) {
        mirror.beginEnd();
        mirror.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
    }

    @ParameterizedTest
    @EnumSource(names = {"OCSF", "ECS"})
    void the_body_of_a_record_has_the_form_that_its_receiver_is_to_get(LineFormat format) throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            PeerMirror mirror =
                    mirror("http", collector.port(), Optional.empty(), USUAL, Duration.ofSeconds(20), format);
            mirror.print(TrailLines.permitted(1));
            mirror.print("no line of a trail");
            Await.until("both are there", () -> collector.records().count() == 2);

            assertThat(collector.bodies())
                    .containsExactly(format.of(TrailLines.permitted(1), "proxy-1"), "no line of a trail");
            assertThat(collector.records().map(LogRecord::getEventName))
                    .containsExactly("konnect_proxy.decision", "konnect_proxy.unreadable");
        }
    }

    @Test
    void every_line_is_the_body_of_a_record_in_the_order_of_the_trail() throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            PeerMirror mirror = mirror(collector.port(), USUAL);
            List<String> lines = new ArrayList<>(
                    List.of(TrailLines.start(1), TrailLines.permitted(2), TrailLines.refused(3), TrailLines.mirror(4)));
            lines.add(TrailLines.summedUp(5));
            lines.addAll(TrailLines.numbered(6, 2000));
            lines.forEach(mirror::print);
            close(mirror);

            assertThat(collector.faults).isEmpty();
            assertThat(collector.bodies()).isEqualTo(lines);
            assertThat(mirror.missed()).isEmpty();
            List<LogRecord> records = collector.records().toList();
            assertThat(attributes(records.get(2)))
                    .isEqualTo(Map.of(
                            "konnect_proxy.trail", "00ab12cd34ef",
                            "client.address", "10.0.0.7",
                            "konnect_proxy.seq", "3",
                            "event.name", "konnect_proxy.decision",
                            "konnect_proxy.event", "decision",
                            "konnect_proxy.verdict", "refused",
                            "konnect_proxy.reason", "host_not_konnect"));
            assertThat(attributes(records.get(0)))
                    .isEqualTo(Map.of(
                            "konnect_proxy.trail", "00ab12cd34ef",
                            "konnect_proxy.seq", "1",
                            "event.name", "konnect_proxy.start",
                            "konnect_proxy.event", "start"));
            assertThat(attributes(records.get(4)))
                    .isEqualTo(Map.of(
                            "konnect_proxy.trail", "00ab12cd34ef",
                            "client.address", "10.0.0.7",
                            "konnect_proxy.seq", "5",
                            "event.name", "konnect_proxy.refusals",
                            "konnect_proxy.event", "refusals",
                            "konnect_proxy.verdict", "refused"));
            assertThat(attributes(records.get(1)))
                    .isEqualTo(Map.of(
                            "konnect_proxy.trail", "00ab12cd34ef",
                            "client.address", "10.0.0.7",
                            "user.name", "dp-a",
                            "server.address", "0646a7d680.us.cp0.konghq.com",
                            "server.port", "443",
                            "konnect_proxy.seq", "2",
                            "event.name", "konnect_proxy.decision",
                            "konnect_proxy.event", "decision",
                            "konnect_proxy.verdict", "permitted",
                            "konnect_proxy.reason", "konnect_host"));
            assertThat(records.get(2).getEventName()).isEqualTo("konnect_proxy.decision");
            assertThat(records.get(2).getTimeUnixNano())
                    .isEqualTo(TimeUnit.MILLISECONDS.toNanos(TrailLines.time(3).toEpochMilli()) + 1_000);
            assertThat(records.subList(0, 5))
                    .extracting(LogRecord::getSeverityNumber)
                    .containsExactly(
                            SeverityNumber.SEVERITY_NUMBER_INFO,
                            SeverityNumber.SEVERITY_NUMBER_INFO,
                            SeverityNumber.SEVERITY_NUMBER_INFO2,
                            SeverityNumber.SEVERITY_NUMBER_WARN,
                            SeverityNumber.SEVERITY_NUMBER_INFO2);
            assertThat(collector
                            .requests
                            .get(0)
                            .getResourceLogs(0)
                            .getResource()
                            .getAttributesList())
                    .contains(
                            attribute("service.name", "konnect-proxy"),
                            attribute("service.instance.id", "proxy-1"),
                            attribute("host.name", "proxy-1"));
        }
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static Map<String, String> attributes(LogRecord record) {
        return record.getAttributesList().stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        each -> each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue()));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void a_collector_that_is_busy_is_asked_again(int status) throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            collector.replies.addAll(List.of(Reply.status(status), Reply.status(status)));
            PeerMirror mirror = mirror(collector.port(), USUAL);
            TrailLines.numbered(1, 10).forEach(mirror::print);
            Await.until("all are there", () -> collector.bodies().size() == 10);

            assertThat(collector.bodies()).isEqualTo(TrailLines.numbered(1, 10));
            assertThat(collector.arrivals).hasSizeGreaterThan(2);
            Await.until("the trouble is over", () -> mirror.trouble().isEmpty());
            assertThat(mirror.missed()).isEmpty();
        }
    }

    @Test
    void a_collector_is_left_alone_as_long_as_it_asks_for() throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            collector.replies.add(new Reply(503, Map.of("Retry-After", "1"), 0));
            PeerMirror mirror = mirror(collector.port(), USUAL);
            mirror.print(TrailLines.permitted(1));
            Await.until("it is there", () -> collector.bodies().size() == 1);

            // Without the header it would be asked again after a tenth of a second.
            assertThat(collector.arrivals.get(1) - collector.arrivals.get(0))
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(990));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 413, 500})
    void what_a_collector_refuses_is_missed_and_the_rest_goes_on(int status) throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            collector.replies.add(Reply.status(status));
            PeerMirror mirror = mirror(collector.port(), USUAL);
            mirror.print(TrailLines.permitted(1));
            Await.until("it is refused", () -> !mirror.trouble().isEmpty());
            assertThat(mirror.missed()).as("not while it takes nothing").isEmpty();
            TrailLines.numbered(2, 5).forEach(mirror::print);
            Await.until("the others are there", () -> collector.bodies().size() == 4);
            Await.until("the trouble is over", () -> mirror.trouble().isEmpty());

            assertThat(mirror.missed())
                    .get()
                    .isEqualTo(new Missed(
                            mirror.name(), 1, TrailLines.time(1), TrailLines.time(1), "it answered " + status));
        }
    }

    @Test
    void what_a_collector_rejects_of_a_batch_is_missed() throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            PeerMirror mirror = mirror(collector.port(), USUAL);
            collector.replies.add(new Reply(200, Map.of(), 3));
            collector.answering = new CountDownLatch(1);
            mirror.print(TrailLines.permitted(1));
            TrailLines.numbered(2, 300).forEach(mirror::print);
            collector.answering.countDown();
            Await.until("all are there", () -> collector.bodies().size() == 300);
            close(mirror);

            // The first batch is one line or more, depending on who is quicker.
            int first =
                    collector.requests.get(0).getResourceLogs(0).getScopeLogs(0).getLogRecordsCount();
            assertThat(mirror.missed())
                    .get()
                    .extracting(Missed::count, Missed::reason)
                    .containsExactly((long) Math.min(3, first), "it rejected them");
        }
    }

    @Test
    void a_collector_that_does_not_answer_delays_nobody_and_no_line_is_unaccounted_for() throws Exception {
        try (OtlpCollector collector = OtlpCollector.plain()) {
            collector.answering = new CountDownLatch(1);
            PeerMirror mirror = mirror("http", collector.port(), Optional.empty(), NARROW, Duration.ofMillis(500));
            mirror.print(TrailLines.permitted(0));
            Await.until("it has its first request", () -> !collector.arrivals.isEmpty());
            List<String> lines = TrailLines.numbered(1, 10_000);
            long start = System.nanoTime();
            lines.forEach(mirror::print);
            // Had each waited for an answer, it would be many times as long.
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
            assertThat(mirror.missedInAll()).isEqualTo(10_001 - 100);
            Await.until("it is given up and asked anew", () -> collector.arrivals.size() > 1);
            assertThat(mirror.trouble()).isEqualTo("it did not answer in time");

            collector.answering.countDown();
            Await.until(
                    "the rest is there",
                    () -> mirror.waiting() == 0 && mirror.trouble().isEmpty());
            long missed = mirror.missed().map(Missed::count).orElse(0L);
            // What was given up may have been taken all the same.
            assertThat(collector.bodies().stream().distinct().count()).isEqualTo(10_001 - missed);
        }
    }

    @Test
    void a_collector_that_comes_late_gets_what_waits_and_the_rest_is_counted() throws Exception {
        int port = FreePort.number();
        PeerMirror mirror = mirror(port, NARROW);
        mirror.print(TrailLines.permitted(1));
        Await.until("it is known that nobody is there", () -> !mirror.trouble().isEmpty());
        TrailLines.numbered(2, 250).forEach(mirror::print);
        try (OtlpCollector collector = OtlpCollector.at(port)) {
            Await.until("what waited is there", () -> collector.bodies().size() == 100);
            Await.until("the trouble is over", () -> mirror.trouble().isEmpty());
            assertThat(mirror.missed())
                    .get()
                    .isEqualTo(new Missed(
                            mirror.name(), 150, TrailLines.time(101), TrailLines.time(250), "connection refused"));
            assertThat(collector.bodies()).isEqualTo(TrailLines.numbered(1, 100));
        }
    }

    @Test
    void over_tls_lines_go_to_the_right_certificate_and_to_no_other() throws Exception {
        TestAuthority ca = new TestAuthority();
        Optional<TrustedCertificates> trust = Optional.of(new TrustedCertificates("ca.crt", List.of(ca.certificate())));
        try (OtlpCollector right = OtlpCollector.tls(ca.serverContext(List.of("localhost")));
                OtlpCollector unknown = OtlpCollector.tls(new TestAuthority().serverContext(List.of("localhost")));
                OtlpCollector other = OtlpCollector.tls(ca.serverContext(List.of("logs.corp")))) {
            assertThat(troubleOverTls(right, trust)).isEmpty();
            assertThat(right.bodies()).containsExactly(TrailLines.permitted(1));
            assertThat(troubleOverTls(unknown, trust)).isEqualTo("its certificate is from nobody who is trusted");
            assertThat(troubleOverTls(right, Optional.empty()))
                    .as("Java's own authorities")
                    .isEqualTo("its certificate is from nobody who is trusted");
            assertThat(troubleOverTls(other, trust)).isEqualTo("its certificate is for another name");
            assertThat(unknown.arrivals).isEmpty();
            assertThat(other.arrivals).isEmpty();
        }
    }

    private String troubleOverTls(OtlpCollector collector, Optional<TrustedCertificates> trust) {
        PeerMirror mirror = mirror("https", collector.port(), trust, USUAL, Duration.ofSeconds(20));
        mirror.print(TrailLines.permitted(1));
        Await.until(
                "it got through or not",
                () -> mirror.waiting() == 0 || !mirror.trouble().isEmpty());
        return mirror.trouble();
    }
}
