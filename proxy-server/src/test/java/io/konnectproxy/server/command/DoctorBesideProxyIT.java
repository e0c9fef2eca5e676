package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.command.DoctorRig.Ended;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.WaysRig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code doctor} beside the running proxy of the same configuration. */
@Timeout(60)
class DoctorBesideProxyIT {
    private static Origin konnect;

    @TempDir
    private Path directory;

    private final int port = FreePort.number();

    @BeforeAll
    static void start() throws Exception {
        konnect = DoctorRig.konnect(Rig.CA, DoctorRig.API, Rig.HOST);
    }

    @AfterAll
    static void stop() throws Exception {
        konnect.close();
    }

    private List<String> trail() throws Exception {
        return Files.readAllLines(directory.resolve("audit.jsonl"));
    }

    /** The reports about the running proxy: readiness, then each listener. */
    private static List<JsonNode> proxy(Ended ended) {
        return ended.json()
                .path("steps")
                .valueStream()
                .filter(step -> step.path("step").asString().equals("proxy"))
                .toList();
    }

    private String listener(String demands) {
        return "listen: [{address: \"127.0.0.1:" + port + "\"" + demands + "}]";
    }

    @Test
    void all_is_well_and_the_trail_has_the_tunnel_and_nothing_else() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with(listener(""))) {
            try (ProxyServer running = rig.proxy()) {
                assertThat(running.connections()).isZero();
                Ended ended = rig.run();
                assertThat(ended.code()).as(ended.out()).isZero();
                assertThat(proxy(ended)).hasSize(2);
                assertThat(proxy(ended).get(1).path("asked").asString()).contains("records it in its trail");
                assertThat(proxy(ended).get(1).path("came").asString())
                        .matches("The tunnel is open after \\d+ ms, and Konnect's certificate comes through it\\.");
            }
            assertThat(trail())
                    .filteredOn(
                            line -> line.contains("\"event\":\"decision\"") || line.contains("\"event\":\"tunnel\""))
                    .hasSize(2)
                    .allMatch(line -> line.contains(DoctorRig.API));
            assertThat(rig.print().out()).contains("not running");
        }
    }

    @Test
    void text_says_that_the_way_is_open() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with(listener(""));
                ProxyServer running = rig.proxy()) {
            assertThat(running.listeners()).hasSize(1);
            Ended ended = rig.print();
            assertThat(ended.code()).isZero();
            assertThat(ended.out()).endsWith(" ok. The way to Konnect is open.\n");
        }
    }

    @Test
    void a_listener_with_tls_and_credentials_is_reached_with_those_of_the_options() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret word");
        WaysRig.command(
                "certificate", "proxy.corp", "--out", directory.resolve("tls").toString());
        WaysRig.command(
                "user", "dp", "--file", directory.resolve("users").toString(), "--password-file", password.toString());
        String demands = ", tls: {certificate: \"" + directory.resolve("tls/tls.crt") + "\", key: \""
                + directory.resolve("tls/tls.key") + "\"}, credentials: \"" + directory.resolve("users") + "\"";
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with(listener(demands));
                ProxyServer running = rig.proxy()) {
            assertThat(running.listeners()).hasSize(1);
            Ended without = rig.run();
            assertThat(without.result("certificate")).isEqualTo("ok");
            assertThat(proxy(without).get(1).path("result").asString()).isEqualTo("warn");
            assertThat(proxy(without).get(1).path("came").asString())
                    .contains("status 407, credentials_required")
                    .contains("That is right for this listener");
            Ended with = rig.run("--user", "dp", "--password-file", password.toString());
            assertThat(with.code()).as(with.out()).isZero();
            assertThat(with.out()).doesNotContain("secret");
            Files.writeString(password, "another");
            Ended wrong = rig.run("--user", "dp", "--password-file", password.toString());
            assertThat(proxy(wrong).get(1).path("result").asString()).isEqualTo("fail");
            assertThat(proxy(wrong).get(1).path("came").asString()).contains("credentials_invalid");
        }
    }

    @Test
    void another_program_at_the_listeners_address_is_told() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with(listener(""));
                ServerSocket ready = new ServerSocket(rig.adminPort(), 5, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
            answering(ready, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            answering(other, "\u001b]0;SSH-2.0\r\n\r\n");
            Ended ended = rig.run();
            assertThat(proxy(ended).get(1).path("result").asString()).isEqualTo("fail");
            assertThat(proxy(ended).get(1).path("came").asString())
                    .startsWith("The answer is not this proxy's: '\\u001b]0;SSH");
        }
    }

    private static void answering(ServerSocket listener, String answer) {
        Thread thread = new Thread(
                () -> {
                    try (var client = listener.accept()) {
                        if (client.getInputStream().read(new byte[4096]) > 0) {
                            client.getOutputStream().write(answer.getBytes(UTF_8));
                        }
                    } catch (IOException e) {
                        // The test sees it.
                    }
                },
                "answering");
        thread.setDaemon(true);
        thread.start();
    }
}
