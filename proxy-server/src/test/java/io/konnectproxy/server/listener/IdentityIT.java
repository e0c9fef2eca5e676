package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.WaysRig;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Who comes in, and with which rights: users, certificates and addresses, over real sockets. Each test comes from an address of
 * its own, which a PROXY header says, so that none pays for the guesses of another.
 */
class IdentityIT {
    private static final String US = Rig.HOST;
    private static final String EU = "0646a7d680.eu.cp0.konghq.com";
    private static final String ALICE = basic("alice", "al1ce");
    private static final int WITH_PASSWORD = 0;
    private static final int WITH_CERTIFICATE = 1;
    private static final int WITH_BOTH = 2;

    @TempDir
    private static Path directory;

    @RegisterExtension
    private final LogCapture log = LogCapture.of(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @AutoClose
    private static Rig rig;

    private static int addresses;

    @BeforeAll
    static void start() throws Exception {
        WaysRig.command("certificate", "proxy.example.com", "--client", "billing", "--out", file("tls"));
        WaysRig.command("certificate", "proxy.example.com", "--client", "stranger", "--out", file("other"));
        user("alice", "al1ce");
        user("bob", "b0b");
        String tls = "tls: {certificate: \"" + file("tls/tls.crt") + "\", key: \"" + file("tls/tls.key")
                + "\", client-ca: \"" + file("tls/ca.crt") + "\"}";
        String users = "credentials: \"" + file("users") + "\"";
        String from = ", proxy-protocol: [127.0.0.0/8]}\n";
        rig = new Rig(
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                "listen:\n  - {address: \"127.0.0.1:0\", " + users + from
                        + "  - {address: \"127.0.0.1:0\", " + tls + from
                        + "  - {address: \"127.0.0.1:0\", " + tls + ", " + users + from
                        + "regions: [us]\n"
                        + "clients:\n  - {name: europe, user: alice, regions: [eu]}\n"
                        + "  - {name: money, certificate: billing, regions: [us, eu]}\n"
                        + "  - {name: lab, source: 10.7.0.0/16, regions: [eu]}\n");
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static void user(String name, String password) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), password);
        WaysRig.command("user", name, "--file", file("users"), "--password-file", secret.toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.konnectproxy.wire.SentCredentials#unreadable")
    void refuses_credentials_that_cannot_be_read(String name, String fields, String problem) throws Exception {
        rig.origin().awaitEnds();
        int reached = rig.origin().accepted();
        JsonNode line = refused(client(WITH_PASSWORD, anybody()), fields, 407);
        assertThat(AuditLines.text(line, "reason")).isEqualTo("credentials_invalid");
        assertThat(AuditLines.text(line, "hint")).contains(problem);
        assertThat(AuditLines.text(line.path("client"), "user")).isEmpty();
        assertThat(rig.origin().accepted()).isEqualTo(reached);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("no credentials", "", "credentials_required", ""),
                arguments("those of a server", "Authorization: Basic YTpi\r\n", "credentials_required", ""),
                arguments(
                        "a wrong password",
                        basic("alice", "nonsense"),
                        "credentials_invalid",
                        "password of user alice"),
                arguments("a wrong letter case", basic("Alice", "al1ce"), "credentials_invalid", "no such user"),
                arguments("an unknown user", basic("mallory", "al1ce"), "credentials_invalid", "no such user"),
                arguments("another user's password", basic("alice", "b0b"), "credentials_invalid", "of user alice"),
                arguments("no password", basic("alice", ""), "credentials_invalid", "empty"),
                arguments("a password with more behind it", basic("alice", "al1ce "), "credentials_invalid", "alice"),
                arguments("a long password", basic("alice", "al1ce".repeat(20)), "credentials_invalid", "72"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void refuses(String name, String fields, String reason, String hint) throws Exception {
        JsonNode line = refused(client(WITH_PASSWORD, anybody()), fields, 407);
        assertThat(AuditLines.text(line, "reason")).isEqualTo(reason);
        assertThat(AuditLines.text(line, "hint")).contains(hint);
    }

    @Test
    void names_whom_a_wrong_password_claims_to_be_and_nobody_beside_a_right_one() throws Exception {
        JsonNode wrong = refused(client(WITH_PASSWORD, anybody()), basic("alice", "outdated"), 407);
        assertThat(AuditLines.text(wrong.path("client"), "claimed_user")).isEqualTo("alice");
        assertThat(wrong.path("client").path("user").isNull()).isTrue();
        assertThat(wrong.toString()).doesNotContain("outdated");
        JsonNode unknown = refused(client(WITH_PASSWORD, anybody()), basic("mallory" + "y".repeat(100), "x"), 407);
        assertThat(AuditLines.text(unknown.path("client"), "claimed_user"))
                .isEqualTo("mallory" + "y".repeat(54) + "...");
        JsonNode swapped = refused(client(WITH_PASSWORD, anybody()), basic("al1ce", "alice"), 407);
        assertThat(swapped.path("client").has("claimed_user"))
                .as("perhaps a password")
                .isFalse();
        JsonNode token = refused(client(WITH_PASSWORD, anybody()), basic("t0ken", ""), 407);
        assertThat(token.path("client").has("claimed_user"))
                .as("perhaps a token")
                .isFalse();
        JsonNode empty = refused(client(WITH_PASSWORD, anybody()), basic("alice", ""), 407);
        assertThat(AuditLines.text(empty.path("client"), "claimed_user")).isEqualTo("alice");
        JsonNode right = answered(client(WITH_PASSWORD, anybody()), US, ALICE);
        assertThat(AuditLines.text(right, "reason")).isEqualTo("region_not_enabled");
        assertThat(right.path("client").has("claimed_user")).isFalse();
        JsonNode none = refused(client(WITH_PASSWORD, anybody()), "", 407);
        assertThat(none.path("client").has("claimed_user")).isFalse();
    }

    @ParameterizedTest(name = "{0} from {1} to {2}: {3} by {4}")
    @CsvSource({
        // Who has an entry has its rights and no others.
        "alice, 10.1.0.1, eu, konnect_host, europe",
        "alice, 10.1.0.2, us, region_not_enabled, europe",
        // A user's entry counts for more than that of an address.
        "alice, 10.7.0.1, eu, konnect_host, europe",
        "bob, 10.7.0.2, eu, konnect_host, lab",
        "bob, 10.7.0.3, us, region_not_enabled, lab",
        "bob, 10.1.0.3, us, konnect_host, ''",
        "bob, 10.1.0.4, eu, region_not_enabled, ''",
    })
    void gives_each_user_its_own_rights(String user, String from, String region, String reason, String entry)
            throws Exception {
        String fields = user.equals("alice") ? ALICE : basic("bob", "b0b");
        JsonNode line = answered(client(WITH_PASSWORD, from), region.equals("us") ? US : EU, fields);
        assertThat(AuditLines.text(line, "reason")).isEqualTo(reason);
        assertThat(AuditLines.text(line.path("client"), "user")).isEqualTo(user);
        assertThat(AuditLines.text(line.path("client"), "entry")).isEqualTo(entry);
        assertThat(AuditLines.text(line.path("client"), "address")).isEqualTo(from);
        assertThat(AuditLines.text(line.path("client").path("peer"), "address")).isEqualTo("127.0.0.1");
    }

    @Test
    void knows_a_client_by_its_certificate() throws Exception {
        JsonNode line = answered(secured(WITH_CERTIFICATE, certified("tls", "billing")), EU, "");
        assertThat(AuditLines.text(line, "verdict")).isEqualTo("permitted");
        assertThat(AuditLines.text(line.path("client"), "certificate")).isEqualTo("billing");
        assertThat(AuditLines.text(line.path("client"), "entry")).isEqualTo("money");
    }

    @Test
    void demands_both_where_both_are_demanded() throws Exception {
        JsonNode without = answered(secured(WITH_BOTH, certified("tls", "billing")), EU, "");
        assertThat(AuditLines.text(without, "reason")).isEqualTo("credentials_required");
        assertThat(AuditLines.text(without.path("client"), "certificate")).isEqualTo("billing");
        JsonNode with = answered(secured(WITH_BOTH, certified("tls", "billing")), EU, ALICE);
        assertThat(AuditLines.text(with, "verdict")).isEqualTo("permitted");
        assertThat(AuditLines.text(with.path("client"), "entry")).isEqualTo("europe");
        assertThat(AuditLines.text(with.path("client"), "certificate")).isEqualTo("billing");
    }

    static Stream<Arguments> strangers() throws Exception {
        return Stream.of(
                arguments("without a certificate", uncertified(), "has sent no certificate"),
                arguments("with one of another authority", certified("other", "stranger"), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void lets_nobody_in(String name, SSLContext client, String hint) throws Exception {
        int before = rig.audit().decisions().size();
        try (RawClient stranger = secured(WITH_CERTIFICATE, client)) {
            // With TLS 1.3 the client learns of it when it reads.
            assertThat(stranger.connect(US).answer().head()).isEmpty();
        } catch (IOException e) {
            // The alert, or the reset behind it where the request was still on its way.
        }
        JsonNode line = rig.audit()
                .await(each -> rig.audit().decisions().size() > before
                        && AuditLines.text(each, "reason").equals("tls_handshake_failed")
                        && AuditLines.text(each, "hint").contains(hint));
        assertThat(AuditLines.text(line, "verdict")).isEqualTo("refused");
        assertThat(line.path("target").isNull()).isTrue();
    }

    @Test
    void holds_what_comes_while_a_password_is_verified() throws Exception {
        byte[] hello = Hellos.naming(EU);
        try (RawClient client = client(WITH_PASSWORD, anybody())) {
            client.say(connect(EU, basic("alice", "al1ce")) + new String(hello, ISO_8859_1));
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
        }
    }

    @Test
    void a_client_that_leaves_while_its_password_is_verified_costs_one_line() throws Exception {
        String from = anybody();
        RawClient client = client(WITH_PASSWORD, from);
        client.say(connect(EU, basic("alice", "not known yet")));
        client.socket().setSoLinger(true, 0);
        client.close();
        rig.audit().await(line -> from(line, from));
        Await.until("nobody is left", () -> rig.proxy().connections() == 0);
        assertThat(rig.audit().decisions().stream().filter(line -> from(line, from)))
                .hasSize(1);
    }

    /** Five guesses are free; from then on one a second is looked at, the right one among them. */
    @Test
    void slows_down_who_guesses() throws Exception {
        String from = anybody();
        for (int i = 0; i < 5; i++) {
            refused(client(WITH_PASSWORD, from), basic("alice", "guess " + i), 407);
        }
        assertThat(timeForThree(from, from, from)).isGreaterThan(Duration.ofMillis(1_900));
        assertThat(timeForThree(anybody(), anybody(), anybody()))
                .as("from elsewhere")
                .isLessThan(Duration.ofMillis(1_900));
    }

    /** A data plane with a wrong password repeats it for ever. */
    @Test
    void does_not_slow_down_the_neighbours_of_who_repeats_itself() throws Exception {
        String from = anybody();
        for (int i = 0; i < 20; i++) {
            refused(client(WITH_PASSWORD, from), basic("alice", "outdated"), 407);
        }
        assertThat(timeForThree(from, from, from)).isLessThan(Duration.ofMillis(1_900));
    }

    /** Of right passwords, one after the other. */
    private Duration timeForThree(String... from) throws Exception {
        long begin = System.nanoTime();
        for (String each : from) {
            assertThat(AuditLines.text(answered(client(WITH_PASSWORD, each), EU, ALICE), "verdict"))
                    .isEqualTo("permitted");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void follows_the_users_file() throws Exception {
        assertThat(AuditLines.text(answered(client(WITH_PASSWORD, anybody()), US, basic("carol", "c4rol")), "reason"))
                .isEqualTo("credentials_invalid");
        user("carol", "c4rol");
        rig.proxy().followFiles();
        assertThat(AuditLines.text(answered(client(WITH_PASSWORD, anybody()), US, basic("carol", "c4rol")), "verdict"))
                .isEqualTo("permitted");
        WaysRig.command("user", "carol", "--file", file("users"), "--remove");
        rig.proxy().followFiles();
        assertThat(AuditLines.text(answered(client(WITH_PASSWORD, anybody()), US, basic("carol", "c4rol")), "reason"))
                .isEqualTo("credentials_invalid");
    }

    @Test
    void keeps_passwords_out_of_audit_trail_and_log() throws Exception {
        refused(client(WITH_PASSWORD, anybody()), basic("alice", "s3cret"), 407);
        refused(client(WITH_PASSWORD, anybody()), basic("s3cret", "alice"), 407);
        refused(client(WITH_PASSWORD, anybody()), "Proxy-Authorization: Basic s3cret\r\n", 407);
        answered(client(WITH_PASSWORD, anybody()), EU, ALICE);
        String encoded = Base64.getEncoder().encodeToString("alice:s3cret".getBytes(UTF_8));
        assertThat(rig.audit().all().toString()).doesNotContain("s3cret", "al1ce", encoded);
        assertThat(log.said()).noneMatch(said -> said.contains("s3cret") || said.contains(encoded));
    }

    private static boolean from(JsonNode line, String address) {
        return AuditLines.text(line, "event").equals("decision")
                && AuditLines.text(line.path("client"), "address").equals(address);
    }

    private static synchronized String anybody() {
        addresses++;
        return "10.200." + addresses / 250 + "." + (addresses % 250 + 1);
    }

    private static String connect(String host, String fields) {
        return "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n" + fields + "\r\n";
    }

    private static String basic(String user, String password) {
        return "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)) + "\r\n";
    }

    private static RawClient client(int listener, String from) throws IOException {
        InetSocketAddress address = rig.proxy().listeners().get(listener);
        return new RawClient(address).say("PROXY TCP4 " + from + " 10.9.9.9 4567 3128\r\n");
    }

    private static RawClient secured(int listener, SSLContext context) throws IOException {
        Socket raw = client(listener, anybody()).socket();
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(raw, "proxy.example.com", raw.getPort(), true);
        secured.startHandshake();
        return new RawClient(secured);
    }

    private static SSLContext certified(String authority, String name) throws Exception {
        Path files = directory.resolve(authority);
        return ((JdkSslContext) SslContextBuilder.forClient()
                        .trustManager(directory.resolve("tls/ca.crt").toFile())
                        .keyManager(
                                files.resolve("client-" + name + ".crt").toFile(),
                                files.resolve("client-" + name + ".key").toFile())
                        .build())
                .context();
    }

    private static SSLContext uncertified() throws Exception {
        return ((JdkSslContext) SslContextBuilder.forClient()
                        .trustManager(directory.resolve("tls/ca.crt").toFile())
                        .build())
                .context();
    }

    /** The line of a request; the client is gone afterwards. */
    private static JsonNode answered(RawClient client, String host, String fields) throws Exception {
        try (client) {
            RawClient.Answer answer = client.say(connect(host, fields)).answer();
            return line(answer, List.of(200, 403, 407)).orElseGet(() -> lastDecision());
        }
    }

    private static JsonNode refused(RawClient client, String fields, int status) throws Exception {
        try (client) {
            RawClient.Answer answer = client.say(connect(EU, fields)).answer();
            assertThat(answer.header("Proxy-Authenticate"))
                    .contains("Basic realm=\"konnect-proxy\", charset=\"UTF-8\"");
            assertThat(client.atEnd()).isTrue();
            return line(answer, List.of(status)).orElseThrow();
        }
    }

    private static Optional<JsonNode> line(RawClient.Answer answer, List<Integer> statuses) {
        assertThat(statuses).contains(answer.status());
        return answer.header("X-Konnect-Proxy-Request-Id").map(rig.audit()::decisionOf);
    }

    /** Of a tunnel, whose answer has no id: it was recorded before the answer went out. */
    private static JsonNode lastDecision() {
        List<JsonNode> lines = rig.audit().decisions();
        return lines.get(lines.size() - 1);
    }
}
