package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.mirror.MirrorUrl.Protocol;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a mirror missed stands in the trail. */
class JournalMirrorTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.mirror").expecting("The mirror ");

    @TempDir
    private Path directory = Path.of("");

    private Path file() {
        return directory.resolve("a.jsonl");
    }

    private Journal journal(Protocol protocol, int port) throws JournalException {
        MirrorUrl url = new MirrorUrl(protocol, "localhost", port, protocol.isSyslog() ? "" : "/v1/logs");
        return Journal.open(
                "proxy-1",
                new AuditSettings(
                        Optional.of(file().toString()),
                        AuditSettings.Stdout.OFF,
                        OnFailure.REFUSE,
                        Durability.OS,
                        Audits.NEVER,
                        Optional.empty(),
                        List.of(new MirrorTarget(url, Optional.empty())),
                        Optional.empty()));
    }

    @Test
    void what_a_mirror_never_got_is_the_last_that_the_trail_says() throws Exception {
        int port = FreePort.number();
        try (Journal journal = journal(Protocol.SYSLOG_TCP, port)) {
            for (int i = 0; i < 3; i++) {
                journal.record(Records.permitted("a")).toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
        }
        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(3))
                .startsWith("{\"v\":2,\"trail\":\"")
                .contains("\"seq\":4,")
                .contains("\"event\":\"mirror\",\"mirror\":\"syslog+tcp://localhost:" + port + "\",\"missed\":3,")
                .contains("\"reason\":\"connection refused\"");
    }

    @Test
    void what_a_mirror_refused_is_recorded_and_the_record_is_mirrored() throws Exception {
        BlockingQueue<String> taken = new LinkedBlockingQueue<>();
        AtomicInteger requests = new AtomicInteger();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        collector.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
            boolean first = requests.getAndIncrement() == 0;
            if (!first) {
                taken.add(body);
            }
            exchange.sendResponseHeaders(first ? 400 : 200, -1);
            exchange.close();
        });
        collector.start();
        try (Journal journal =
                journal(Protocol.OTLP_HTTP, collector.getAddress().getPort())) {
            journal.record(Records.permitted("refused")).toCompletableFuture().get(10, TimeUnit.SECONDS);
            awaitRequests(requests, 1);
            journal.record(Records.permitted("taken")).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(taken.poll(30, TimeUnit.SECONDS)).contains("\"id\":\"taken\"");

            String record = taken.poll(30, TimeUnit.SECONDS);
            assertThat(record).contains("\"event\":\"mirror\"", "\"missed\":1,", "\"reason\":\"it answered 400\"");
        } finally {
            collector.stop(0);
        }
        assertThat(Files.readAllLines(file()).get(2)).contains("\"event\":\"mirror\"");
        assertThat(Files.readAllLines(file())).hasSize(3);
    }

    private static void awaitRequests(AtomicInteger requests, int count) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (requests.get() < count) {
            assertThat(System.nanoTime() - end).isNegative();
            Thread.onSpinWait();
        }
    }
}
