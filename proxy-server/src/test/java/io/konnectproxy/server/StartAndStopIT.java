package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.SubjectNames;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** All or nothing at the start; nothing left at the end. */
class StartAndStopIT {
    @TempDir
    private Path directory;

    private Configuration configuration(String listen, String admin) throws Exception {
        Path file = directory.resolve("konnect-proxy.yaml");
        Files.writeString(file, """
                regions: [us]
                listen: [%s]
                admin: {address: "%s"}
                audit: {file: "%s", stdout: false}
                """.formatted(listen, admin, directory.resolve("audit.jsonl")));
        return ConfigurationLoader.load(file, Map.of()).configuration();
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    private static int free() throws IOException {
        try (ServerSocket socket = taken()) {
            return socket.getLocalPort();
        }
    }

    @Test
    void opens_no_listener_when_one_of_them_is_taken() throws Exception {
        Set<Thread> before = threads();
        int free = free();
        try (ServerSocket taken = taken()) {
            Configuration two = configuration(
                    "{address: \"127.0.0.1:" + free + "\"}, {address: \"127.0.0.1:" + taken.getLocalPort() + "\"}",
                    "127.0.0.1:0");
            assertThatThrownBy(() -> ProxyServer.start(two))
                    .isInstanceOf(StartupException.class)
                    .hasMessage("The address 127.0.0.1:" + taken.getLocalPort()
                            + " cannot be listened on: address already in use. Stop what uses it, or set listen.");
            assertFree(free);
            assertThatThrownBy(() -> ProxyServer.start(two)).isInstanceOf(StartupException.class);
            assertTheOnlyLines(2, "The address 127.0.0.1:" + taken.getLocalPort() + " cannot be listened on: ");
        }
        awaitNoThreadsBut(before);
    }

    @Test
    void opens_no_listener_when_the_admin_address_is_taken() throws Exception {
        Set<Thread> before = threads();
        int free = free();
        try (ServerSocket taken = taken()) {
            Configuration one =
                    configuration("{address: \"127.0.0.1:" + free + "\"}", "127.0.0.1:" + taken.getLocalPort());
            assertThatThrownBy(() -> ProxyServer.start(one))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
            assertFree(free);
            assertTheOnlyLines(1, "The admin address 127.0.0.1:" + taken.getLocalPort() + " cannot be listened on: ");
        }
        awaitNoThreadsBut(before);
    }

    @Test
    void a_certificate_that_went_away_is_told_in_the_one_line() throws Exception {
        PrivateCa ca = PrivateCa.create(Instant.now(), Duration.ofDays(30));
        IssuedCertificate server =
                ca.server(SubjectNames.parse(List.of("proxy.corp")), Instant.now(), Duration.ofDays(30));
        Path certificate = Files.writeString(directory.resolve("tls.crt"), server.certificatePem());
        Path key = Files.writeString(directory.resolve("tls.key"), server.keyPem());
        Configuration configuration = configuration(
                "{address: \"127.0.0.1:0\", tls: {certificate: \"" + certificate + "\", key: \"" + key + "\"}}",
                "127.0.0.1:0");
        Files.delete(certificate);

        assertThatThrownBy(() -> ProxyServer.start(configuration)).isInstanceOf(StartupException.class);
        assertTheOnlyLines(1, "There is no certificate file " + certificate + ".");
    }

    @Test
    void what_is_started_begins_with_its_start() throws Exception {
        ProxyServer.start(configuration("{address: \"127.0.0.1:0\"}", "127.0.0.1:0"))
                .close();

        assertThat(new AuditLines(directory.resolve("audit.jsonl")).all())
                .extracting(line -> AuditLines.text(line, "event"))
                .containsExactly("start", "configuration", "stop");
    }

    private void assertTheOnlyLines(int number, String reason) throws Exception {
        List<JsonNode> lines = new AuditLines(directory.resolve("audit.jsonl")).all();
        assertThat(lines).hasSize(number).allSatisfy(line -> {
            assertThat(AuditLines.text(line, "event")).isEqualTo("stop");
            assertThat(AuditLines.text(line, "reason")).startsWith(reason);
        });
    }

    @Test
    void leaves_no_thread_and_no_open_port_when_it_is_closed() throws Exception {
        Set<Thread> before = threads();
        ProxyServer server = ProxyServer.start(configuration("{address: \"127.0.0.1:0\"}", "127.0.0.1:0"));
        InetSocketAddress listener = server.listeners().get(0);
        try (Socket client = new Socket()) {
            client.connect(listener);
            // One that still waits to be accepted would be reset.
            Await.value(server::connections, 1);
            server.close();
            server.close();
            assertThat(client.getInputStream().read()).isNegative();
        }
        assertFree(listener.getPort());
        awaitNoThreadsBut(before);
    }

    private static void assertFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        }
    }

    /** The log has a thread for as long as the process lives; it begins with the first logger. */
    @BeforeAll
    static void startTheLog() {
        assertThat(LoggerFactory.getLogger("audit").isInfoEnabled()).isTrue();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** Netty's own housekeeping thread ends by itself when there was nothing to do for a second. */
    private static void awaitNoThreadsBut(Set<Thread> before) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            Set<String> left = threads().stream()
                    .filter(thread -> !before.contains(thread) && thread.isAlive())
                    .map(Thread::getName)
                    .filter(name -> !name.startsWith("globalEventExecutor") && !name.startsWith("process reaper"))
                    .collect(Collectors.toSet());
            if (left.isEmpty()) {
                return;
            }
            assertThat(System.nanoTime()).as(() -> "threads left: " + left).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
