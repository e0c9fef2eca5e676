package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What comes first in a tunnel, over real sockets: a ClientHello for the permitted host, or the line is cut. */
class HelloTest {
    private static final String HOST = Rig.HOST;

    /** What each upstream connection brought until it ended. */
    private static final BlockingQueue<byte[]> SEEN = new LinkedBlockingQueue<>();

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(Origin.plain(HelloTest::remember), "timeouts: {client-hello: 1s}\n");
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static void remember(Socket client) throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try {
            client.getInputStream().transferTo(seen);
        } finally {
            SEEN.add(seen.toByteArray());
        }
    }

    static Stream<Arguments> cut() {
        byte[] hello = Hellos.naming(HOST);
        byte[] lying = hello.clone();
        lying[8]--;
        return Stream.of(
                arguments("a hello for another Konnect host", "sni_mismatch", 112, Hellos.naming("us.api.konghq.com")),
                arguments("a hello for a foreign host", "sni_mismatch", 112, Hellos.naming("evil.example.com")),
                arguments("a hello for the parent domain", "sni_mismatch", 112, Hellos.naming("us.cp0.konghq.com")),
                arguments("a hello without server name", "sni_missing", 109, Hellos.withoutServerName()),
                arguments("SSH", "hello_not_tls", 10, "SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII)),
                arguments("HTTP", "hello_not_tls", 10, "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII)),
                arguments(
                        "a second CONNECT",
                        "hello_not_tls",
                        10,
                        ("CONNECT " + HOST + ":443 HTTP/1.1\r\n\r\n").getBytes(US_ASCII)),
                arguments("a hello whose length lies", "hello_malformed", 50, lying),
                arguments("half a hello and then nothing", "hello_timeout", 40, java.util.Arrays.copyOf(hello, 40)),
                arguments("nothing at all", "hello_timeout", 40, new byte[0]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cut")
    void cuts(String name, String token, int alert, byte[] bytes) throws Exception {
        SEEN.clear();
        try (RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            client.say(bytes);
            assertThat(client.rest()).containsExactly(21, 3, 3, 0, 2, 2, alert);
        }
        JsonNode end =
                rig.audit().await(line -> AuditLines.text(line, "outcome").equals(token) && isLast(line));
        assertThat(end.path("bytes_up").asLong()).isZero();
        assertThat(SEEN.poll(5, TimeUnit.SECONDS))
                .as("what reached the upstream")
                .isEmpty();
    }

    private static boolean isLast(JsonNode line) {
        try {
            List<JsonNode> ends = rig.audit().tunnelEnds();
            return ends.get(ends.size() - 1).equals(line)
                    && rig.audit().decisions().size() == ends.size();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void lets_a_hello_through_that_comes_byte_by_byte_and_loses_none_of_it() throws Exception {
        SEEN.clear();
        byte[] hello = Hellos.naming(HOST);
        try (RawClient client = rig.client()) {
            assertThat(client.connect(HOST).answer().status()).isEqualTo(200);
            for (byte b : hello) {
                client.say(new byte[] {b});
            }
            client.say("and what follows");
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
        }
        byte[] seen = SEEN.poll(5, TimeUnit.SECONDS);
        assertThat(seen).startsWith(hello).endsWith("and what follows".getBytes(US_ASCII));
    }

    /** Kong never does; a client that is in a hurry may. */
    @Test
    void holds_a_hello_that_comes_with_the_request() throws Exception {
        SEEN.clear();
        byte[] hello = Hellos.naming(HOST);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(US_ASCII));
        all.write(hello);
        try (RawClient client = rig.client()) {
            client.say(all.toByteArray());
            assertThat(client.answer().status()).isEqualTo(200);
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(hello);
    }

    @Test
    void records_what_the_hello_said() throws Exception {
        try (RawClient client = rig.client()) {
            client.connect(HOST).answer();
            client.say(Hellos.naming(HOST));
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
        }
        JsonNode end =
                rig.audit().await(line -> AuditLines.text(line, "outcome").equals("client_closed") && isLast(line));
        assertThat(AuditLines.text(end.path("tls"), "sni")).isEqualTo(HOST);
        assertThat(end.path("tls").path("versions").toString()).contains("TLSv1.3", "TLSv1.2");
        assertThat(end.path("tls").path("ech").asBoolean(true)).isFalse();
    }

    @Test
    void says_why_a_data_plane_in_shared_mode_is_cut() throws Exception {
        byte[] shared = new String(Hellos.naming("kong-clustering"), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("kong-clustering", "kong_clustering")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (RawClient client = rig.client()) {
            client.connect(HOST).answer();
            client.say(shared);
            client.rest();
        }
        JsonNode end = rig.audit()
                .await(line -> AuditLines.text(line.path("tls"), "sni").equals("kong_clustering"));
        assertThat(AuditLines.text(end, "outcome")).isEqualTo("sni_mismatch");
        assertThat(AuditLines.text(end, "hint")).contains("cluster_mtls");
    }
}
