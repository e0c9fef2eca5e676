package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.RunBeforeStandIn;
import io.netty.util.NetUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGTERM to a process that has a client in every phase. */
class SigtermTest {
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
        try (Running proxy = new Running(Duration.ofSeconds(1))) {
            reachEveryPhase(proxy);
            proxy.signal();
            proxy.awaitLine("draining");
            proxy.assertEndsWithin(Duration.ofSeconds(1).plus(REST));
            assertTrail();
        }
    }

    @Test
    void a_second_sigterm_ends_it_at_once_with_the_same_lines() throws Exception {
        try (Running proxy = new Running(Duration.ofMinutes(10))) {
            reachEveryPhase(proxy);
            proxy.signal();
            proxy.awaitLine("draining");
            assertThat(proxy.process.waitFor(300, TimeUnit.MILLISECONDS))
                    .as("ended by itself")
                    .isFalse();
            proxy.signal();
            proxy.assertEndsWithin(REST);
            assertTrail();
        }
    }

    private void reachEveryPhase(Running proxy) throws Exception {
        for (Phase phase : Phase.values()) {
            clients.put(phase, stage.reach(phase, proxy.address, audit));
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

    /** The program in a process of its own. */
    private final class Running implements AutoCloseable {
        private static final String LISTENING = "listening on 127.0.0.1:";

        private final Process process;
        private final BufferedReader said;
        private final InetSocketAddress address;

        Running(Duration drain) throws Exception {
            Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), """
                    listen: [{address: "127.0.0.1:0"}]
                    regions: [us]
                    audit: {file: "%s", stdout: false}
                    admin: {address: "127.0.0.1:0"}
                    permit-addresses: [127.0.0.0/8]
                    dns: {servers: ["%s"], timeout: 30s}
                    timeouts: {connect: 30s, client-hello: 30s, head: 30s, drain: %ds}
                    """.formatted(
                            directory.resolve("audit.jsonl"),
                            NetUtil.toSocketAddressString(stage.dns().address()),
                            drain.toSeconds()));
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RunBeforeStandIn.class.getName(),
                            Integer.toString(stage.origin().port()),
                            "run",
                            "-c",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            String line = awaitLine(LISTENING);
            String port = line.substring(line.indexOf(LISTENING) + LISTENING.length());
            address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(port.replaceAll("\\D.*", "")));
        }

        /** The process's own deadline is the test's: it is ended with it. */
        String awaitLine(String containing) throws IOException {
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.contains(containing)) {
                    return line;
                }
                all.append(line).append('\n');
            }
            throw new AssertionError("it never said '" + containing + "' but:\n" + all);
        }

        void signal() {
            assertThat(process.toHandle().destroy()).isTrue();
        }

        void assertEndsWithin(Duration time) throws InterruptedException {
            assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended")
                    .isTrue();
            assertThat(process.exitValue()).isZero();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            said.close();
        }
    }
}
