package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Clients that are refused as fast as they can ask: the trail stays small, counts them all, and has what others did. */
@Timeout(60)
class RefusalFloodIT {
    private static final int FLOOD = 5_000;
    private static final int LINES = 10;
    private static final int CLIENTS = 4;
    private static final int HONEST = 20;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    @TempDir
    static Path files;

    /** What listeners need, made by the commands that an operator would make it with. */
    @BeforeAll
    static void makeFiles() throws IOException {
        Path password = Files.writeString(files.resolve("password"), "right");
        command("certificate", "127.0.0.1", "--out", files.resolve("tls").toString());
        command("user", "dp", "--file", files.resolve("users").toString(), "--password-file", password.toString());
    }

    private static String command(String... arguments) {
        StringWriter out = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(out), Map.of(), arguments);
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    /** What the trail says once the proxy has ended. */
    private record Trail(List<JsonNode> lines, String verified) {
        static Trail of(Rig rig) {
            rig.proxy().close();
            return new Trail(
                    rig.audit().all(),
                    command("audit", "verify", rig.auditFile().toString()));
        }

        List<JsonNode> all(String event, String field, String value) {
            return lines.stream()
                    .filter(line -> AuditLines.text(line, "event").equals(event)
                            && AuditLines.text(line, field).equals(value))
                    .toList();
        }

        List<JsonNode> sums() {
            return all("refusals", "", "");
        }

        long summed() {
            return sums().stream().mapToLong(sum -> sum.path("count").asLong()).sum();
        }
    }

    @Test
    void a_flood_is_a_few_lines_and_a_sum_and_nothing_of_an_honest_client_is_missing() throws Exception {
        try (Rig rig = rig("limits: {refusals-per-minute: " + LINES + "}\n")) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(() -> refused(rig, FLOOD / CLIENTS));
            }
            // It has the address of those that flood.
            clients.add(() -> served(rig));
            assertThat(together(clients)).isEqualTo(FLOOD + HONEST);

            Trail trail = Trail.of(rig);
            assertThat(trail.verified()).startsWith("INTACT");
            assertThat(trail.all("decision", "verdict", "permitted")).hasSize(HONEST);
            assertThat(trail.all("tunnel", "outcome", "client_closed").size()
                            + trail.all("tunnel", "outcome", "upstream_closed").size())
                    .isEqualTo(HONEST);
            // Where a minute ends in this very moment there are two of each.
            int minutes = trail.sums().size();
            assertThat(minutes).isBetween(1, 2);
            assertThat(trail.all("decision", "verdict", "refused")).hasSizeLessThanOrEqualTo(LINES * minutes);
            assertThat(trail.all("decision", "verdict", "refused").size() + trail.summed())
                    .isEqualTo(FLOOD);
            assertThat(trail.sums()).allSatisfy(sum -> {
                assertThat(sum.path("client").path("address").asString()).isEqualTo("127.0.0.1");
                assertThat(sum.path("reasons").path("host_not_konnect").asLong())
                        .isEqualTo(sum.path("count").asLong());
            });
            List<JsonNode> lines = trail.lines();
            assertThat(lines.get(lines.size() - 1).path("event").asString()).isEqualTo("stop");
        }
    }

    private static int refused(Rig rig, int times) throws Exception {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            try (RawClient client = rig.client()) {
                refused += client.connect("evil.com").answer().status() == 403 ? 1 : 0;
            }
        }
        return refused;
    }

    private static int served(Rig rig) throws Exception {
        int served = 0;
        for (int i = 0; i < HONEST; i++) {
            served += rig.served().equals("served") ? 1 : 0;
        }
        return served;
    }

    private static int together(List<Callable<Integer>> clients) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(clients.size());
        try {
            int sum = 0;
            for (Future<Integer> client : pool.invokeAll(clients, 50, TimeUnit.SECONDS)) {
                sum += client.get();
            }
            return sum;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_flood_of_many_addresses_is_bounded_too() throws Exception {
        int addresses = RefusalSums.CLIENTS + 200;
        try (Rig rig = rig("limits: {refusals-per-minute: 60}\n")) {
            for (int round = 0; round < 2; round++) {
                for (int address = 0; address < addresses; address++) {
                    try (RawClient client = new RawClient(from(rig, address))) {
                        assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
                    }
                }
            }

            Trail trail = Trail.of(rig);
            int lines = trail.all("decision", "verdict", "refused").size();
            // Not where a minute ends in this very moment.
            if (trail.sums().stream().filter(sum -> sum.path("client").isNull()).count() == 1) {
                assertThat(lines).isLessThanOrEqualTo(RefusalSums.LINES_IN_ALL);
                assertThat(trail.sums()).hasSizeLessThanOrEqualTo(RefusalSums.CLIENTS + 1);
            }
            assertThat(lines + trail.summed()).isEqualTo(2L * addresses);
            assertThat(trail.verified()).startsWith("INTACT");
        }
    }

    /** From 127.1.0.0 upwards. */
    private static Socket from(Rig rig, int n) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 1, (byte) (n >> 8), (byte) n}), 0));
        socket.setSoTimeout(15_000);
        socket.connect(rig.address());
        return socket;
    }

    static Stream<Arguments> kinds() {
        String foreign = "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n";
        return Stream.of(
                arguments("a stranger", "sources: [10.0.0.0/8]", "", "source_not_allowed"),
                arguments("no PROXY header", "proxy-protocol: [127.0.0.0/8]", foreign, "malformed_request"),
                arguments("a silent peer", "proxy-protocol: [127.0.0.0/8]", "", "head_timeout"),
                arguments("a silent client", "", "", "head_timeout"),
                arguments("no handshake", TLS, "\u0016\u0003\u0001\u0000\u0004abcd", "tls_handshake_failed"),
                arguments("no TLS", TLS, foreign, "malformed_request"),
                arguments("no credentials", USERS, foreign, "credentials_required"),
                arguments("wrong ones", USERS, named("ZHA6d3Jvbmc="), "credentials_invalid"),
                arguments("no request", "", "\u0000\u0001\r\n\r\n", "malformed_request"),
                arguments("another method", "", "GET / HTTP/1.1\r\n\r\n", "not_connect"),
                arguments(
                        "an address", "", "CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: 10.0.0.1:443\r\n\r\n", "ip_literal"));
    }

    private static final String TLS = "tls: {certificate: \"FILES/tls/tls.crt\", key: \"FILES/tls/tls.key\"}";
    private static final String USERS = "credentials: \"FILES/users\"";

    private static String named(String credentials) {
        return "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\nProxy-Authorization: Basic " + credentials
                + "\r\n\r\n";
    }

    /** There is no way to be refused that is not counted. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void whatever_is_wrong_it_has_a_line_or_is_in_the_sum(String name, String demand, String said, String reason)
            throws Exception {
        String listener = "{address: \"127.0.0.1:0\"" + (demand.isEmpty() ? "" : ", " + demand) + "}";
        String configuration = "listen: [" + listener.replace("FILES", files.toString())
                + "]\nlimits: {refusals-per-minute: 1}\ntimeouts: {head: 300ms}\n";
        try (Rig rig = rig(configuration)) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = rig.client().say(said)) {
                    client.rest();
                }
            }

            Trail trail = Trail.of(rig);
            List<JsonNode> lines = trail.all("decision", "reason", reason);
            assertThat(lines).hasSizeBetween(1, 2);
            assertThat(trail.sums())
                    .isNotEmpty()
                    .allSatisfy(sum ->
                            assertThat(sum.path("reasons").propertyNames()).containsExactly(reason));
            assertThat(lines.size() + trail.summed()).isEqualTo(4);
        }
    }

    @Test
    void connections_over_a_limit_are_counted() throws Exception {
        try (Rig rig = rig("limits: {tunnels-per-client: 1, refusals-per-minute: 1}\n");
                RawClient first = rig.client()) {
            Await.value(rig.proxy()::connections, 1);
            for (int i = 0; i < 4; i++) {
                try (RawClient client = rig.client()) {
                    assertThat(client.answer().status()).isEqualTo(429);
                }
            }
            assertThat(first.socket().isClosed()).isFalse();

            Trail trail = Trail.of(rig);
            assertThat(trail.all("decision", "reason", "client_tunnel_limit").size() + trail.summed())
                    .isEqualTo(4);
        }
    }

    @Test
    void a_reply_says_when_its_id_is_in_no_line() throws Exception {
        try (Rig rig = rig("limits: {refusals-per-minute: 1}\n")) {
            Answer line = refusal(rig);
            Answer summed = refusal(rig);

            String note =
                    "Refusals are too many for a line each: the audit trail has this one in a sum, without its id.\n";
            assertThat(line.body()).doesNotContain(note);
            assertThat(summed.reason()).isEqualTo("host_not_konnect");
            assertThat(summed.body())
                    .endsWith("Request id: "
                            + summed.header("X-Konnect-Proxy-Request-Id").orElseThrow() + "\n" + note);
            assertThat(rig.audit()
                            .decisionOf(
                                    line.header("X-Konnect-Proxy-Request-Id").orElseThrow()))
                    .isNotNull();
        }
    }

    private static Answer refusal(Rig rig) throws Exception {
        try (RawClient client = rig.client()) {
            Answer answer = client.connect("evil.com").answer();
            assertThat(client.atEnd()).isTrue();
            return answer;
        }
    }

    /** What is let through has its two lines, whatever becomes of it, and however often it comes. */
    @ParameterizedTest
    @MethodSource("permissions")
    void permitted_requests_are_never_summed_up(String host, String address, String configuration) throws Exception {
        StandInDns dns = StandInDns.start(question -> StandInAnswer.of(address));
        try (Rig rig = new Rig(Origin.plain(client -> {}), dns, configuration + "limits: {refusals-per-minute: 1}\n")) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = rig.client()) {
                    client.connect(host).answer();
                }
            }
            Await.value(rig.proxy()::connections, 0);

            Trail trail = Trail.of(rig);
            assertThat(trail.all("decision", "", "")).hasSize(5);
            assertThat(trail.all("tunnel", "", "")).hasSize(5);
            assertThat(trail.sums()).isEmpty();
        }
    }

    static Stream<Arguments> permissions() {
        return Stream.of(
                arguments(Rig.HOST, "10.0.0.1", ""),
                arguments(Rig.HOST, "127.0.0.1", ""),
                arguments("evil.com", "127.0.0.1", "mode: report-only\n"));
    }

    private static Rig rig(String configuration) throws Exception {
        return new Rig(Origin.tls(Rig.CA, Rig.HOST), configuration);
    }
}
