package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Phase;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RunningProxy;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGTERM to a process that has a client in every phase. */
class SigtermIT {
    /** What ending costs besides the drain time, on a busy machine. */
    private static final Duration REST = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    private final Map<Phase, RawClient> clients = new EnumMap<>(Phase.class);
    private Stage stage;
    private AuditLines audit;

    @BeforeEach
    void prepare() throws IOException {
        stage = new Stage();
        audit = new AuditLines(directory.resolve("audit.jsonl"));
    }

    @AfterEach
    void close() throws IOException {
        for (RawClient client : clients.values()) {
            client.close();
        }
        stage.close();
    }

    @Test
    void a_process_ends_with_0_and_one_line_each_when_the_time_to_drain_is_up() throws Exception {
        try (RunningProxy proxy = proxy(Duration.ofSeconds(1))) {
            reachEveryPhase(proxy);
            proxy.signal();
            proxy.awaitLine("draining");
            proxy.assertEndsWithin(Duration.ofSeconds(1).plus(REST));
            assertTrail();
        }
    }

    @Test
    void a_second_sigterm_ends_it_at_once_with_the_same_lines() throws Exception {
        try (RunningProxy proxy = proxy(Duration.ofMinutes(10))) {
            reachEveryPhase(proxy);
            proxy.signal();
            proxy.awaitLine("draining");
            assertThat(proxy.hasEndedWithin(Duration.ofMillis(300)))
                    .as("ended by itself")
                    .isFalse();
            proxy.signal();
            proxy.assertEndsWithin(REST);
            assertTrail();
        }
    }

    private void reachEveryPhase(RunningProxy proxy) throws Exception {
        for (Phase phase : Phase.values()) {
            clients.put(phase, stage.reach(phase, proxy.address(), audit));
        }
        keepBusy(clients.get(Phase.RELAY).socket());
    }

    /** Data in both directions, for as long as there is a tunnel. */
    private static void keepBusy(Socket socket) {
        inBackground(() -> {
            byte[] chunk = new byte[16 * 1024];
            while (true) {
                socket.getOutputStream().write(chunk);
            }
        });
        inBackground(() -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    private interface Talk {
        void run() throws IOException;
    }

    private static void inBackground(Talk talk) {
        Thread thread = new Thread(
                () -> {
                    try {
                        talk.run();
                    } catch (IOException e) {
                        // The proxy has ended the tunnel.
                    }
                },
                "busy client");
        thread.setDaemon(true);
        thread.start();
    }

    private void assertTrail() throws IOException {
        assertThat(Files.readString(directory.resolve("audit.jsonl")))
                .as("the last line is whole")
                .endsWith("}\n");
        List<String> events =
                audit.all().stream().map(line -> AuditLines.text(line, "event")).toList();
        assertThat(events).startsWith("start").endsWith("stop").containsOnlyOnce("start", "drain", "stop");
        for (Phase phase : Phase.values()) {
            assertThat(of(phase, audit.decisions())).as("decisions, " + phase).hasSize(phase.decisions());
            assertThat(of(phase, audit.tunnelEnds())).as("ends, " + phase).hasSize(phase.ends());
        }
        assertThat(of(Phase.MID_HEAD, audit.decisions()))
                .extracting(line -> AuditLines.text(line, "reason"))
                .containsExactly("draining");
        assertThat(audit.tunnelEnds())
                .extracting(line -> AuditLines.text(line, "outcome"))
                .as("a side that had finished is the one that ended the tunnel")
                .containsOnly("drained", "client_closed", "upstream_closed");
        assertThat(of(Phase.RELAY, audit.tunnelEnds()).get(0).path("bytes_down").asLong())
                .isPositive();
    }

    private static List<JsonNode> of(Phase phase, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> AuditLines.text(line, "target").contains(phase.host()))
                .toList();
    }

    private RunningProxy proxy(Duration drain) throws Exception {
        return RunningProxy.start(
                directory, stage.dns(), stage.origin().port(), RunningProxy.quick(), """
                dns: {servers: ["DNS"], timeout: 30s}
                timeouts: {connect: 30s, client-hello: 30s, head: 30s, drain: %ds}
                """.formatted(drain.toSeconds()));
    }
}
