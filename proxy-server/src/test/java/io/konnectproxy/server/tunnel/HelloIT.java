package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.wire.AcceptedHellos;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault.Kind;
import io.konnectproxy.wire.RefusedHellos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What comes first in a tunnel, over real sockets: a ClientHello for the permitted host, or the line is cut. */
class HelloIT {
    private static final String HOST = Rig.HOST;

    /** What each upstream connection brought until it ended. */
    private static final BlockingQueue<byte[]> SEEN = new LinkedBlockingQueue<>();

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(Origin.plain(HelloIT::remember), "timeouts: {client-hello: 2s}\n");
    }

    @AfterEach
    void endsAllConversations() throws IOException {
        rig.origin().awaitEnds();
        SEEN.clear();
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
        return Stream.concat(
                RefusedHellos.all().map(row -> {
                    Object[] columns = row.get();
                    return cut((String) columns[0], (byte[]) columns[1], (Kind) columns[2]);
                }),
                Stream.of(
                        arguments("another Konnect host", "sni_mismatch", 112, Hellos.naming("us.api.konghq.com")),
                        arguments("a foreign host", "sni_mismatch", 112, Hellos.naming("evil.example.com")),
                        arguments("the parent domain", "sni_mismatch", 112, Hellos.naming("us.cp0.konghq.com")),
                        arguments("half a hello and then nothing", "hello_timeout", 40, half(Hellos.naming(HOST))),
                        arguments("a server that speaks first", "hello_timeout", 40, new byte[0])));
    }

    private static Arguments cut(String name, byte[] bytes, Kind kind) {
        return switch (kind) {
            case NOT_TLS -> arguments(name, "hello_not_tls", 10, bytes);
            case MALFORMED -> arguments(name, "hello_malformed", 50, bytes);
            case TOO_LARGE -> arguments(name, "hello_too_large", 50, bytes);
            case FRAGMENTED -> arguments(name, "hello_fragmented", 40, bytes);
            case SERVER_NAME_MISSING -> arguments(name, "sni_missing", 109, bytes);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cut")
    void cuts(String name, String token, int alert, byte[] bytes) throws Exception {
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
        assertPasses(Hellos.naming(HOST));
    }

    static Stream<Arguments> passed() {
        return AcceptedHellos.all()
                .filter(row -> ((ClientHello) row.get()[2]).serverName().equals(HOST));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passed")
    void lets_through(String name, byte[] bytes, ClientHello hello) throws Exception {
        JsonNode tls = assertPasses(bytes).path("tls");
        assertThat(AuditLines.text(tls, "sni")).isEqualTo(HOST);
        assertThat(texts(tls.path("alpn"))).isEqualTo(hello.alpn());
        assertThat(texts(tls.path("versions"))).isEqualTo(hello.versions());
        assertThat(tls.path("ech").asBoolean()).isEqualTo(hello.ech());
        assertThat(tls.path("resumes").asBoolean()).isEqualTo(hello.resumes());
        assertThat(tls.has("truncated")).isEqualTo(hello.alpnCut());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** Through to the upstream, byte for byte. */
    private static JsonNode assertPasses(byte[] hello) throws Exception {
        String id;
        try (RawClient client = rig.client()) {
            Answer answer = client.connect(HOST).answer();
            assertThat(answer.status()).isEqualTo(200);
            client.say(hello);
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
            id = AuditLines.text(rig.audit().await(HelloIT::isLast), "id");
        }
        assertThat(SEEN.poll(5, TimeUnit.SECONDS)).isEqualTo(hello);
        JsonNode end = rig.audit().endOf(id);
        assertThat(AuditLines.text(end, "outcome")).isEqualTo("client_closed");
        assertThat(end.path("bytes_up").asLong()).isEqualTo(hello.length);
        return end;
    }

    private static byte[] half(byte[] hello) {
        return Arrays.copyOf(hello, hello.length / 2);
    }

    private static boolean isLast(JsonNode line) {
        List<JsonNode> ends = rig.audit().tunnelEnds();
        return !ends.isEmpty()
                && ends.get(ends.size() - 1).equals(line)
                && rig.audit().decisions().size() == ends.size();
    }

    @Test
    void lets_a_hello_through_that_comes_byte_by_byte_and_loses_none_of_it() throws Exception {
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
