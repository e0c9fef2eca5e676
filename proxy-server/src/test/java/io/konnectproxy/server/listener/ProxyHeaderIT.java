package io.konnectproxy.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.konnectproxy.wire.RefusedProxyHeaders;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** PROXY headers and source ranges at a listener, over real sockets. */
class ProxyHeaderIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    private static final String V1 = "PROXY TCP4 10.1.2.3 10.9.9.9 4567 3128\r\n";
    private static final String V2 = "\r\n\r\n\0\r\nQUIT\n!\u0011\0\f\n\u0001\u0002\u0003\n\t\t\t\u0011\u00d7\f8";
    private static final String V2_LOCAL = "\r\n\r\n\0\r\nQUIT\n \0\0\0";
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));
    private static final List<Cidr> ELSEWHERE = List.of(Cidr.parse("192.0.2.0/24"));
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    private final TestTrail trail = TestTrail.taking();
    private Origin origin;
    private TunnelRig rig;

    @BeforeEach
    void begin() throws Exception {
        origin = Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        origin.close();
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments("version 1", V1, "10.1.2.3", true),
                arguments("version 2", V2, "10.1.2.3", true),
                arguments(
                        "version 1, IPv6",
                        "PROXY TCP6 2001:db8::7 2001:db8::9 4567 3128\r\n",
                        "2001:db8:0:0:0:0:0:7",
                        true),
                arguments("version 1, UNKNOWN", "PROXY UNKNOWN\r\n", "127.0.0.1", false),
                arguments("version 2, LOCAL", V2_LOCAL, "127.0.0.1", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void tells_whose_the_connection_is(String name, String header, String address, boolean other) throws Exception {
        start(List.of(), LOOPBACK, "");
        try (RawClient client = rig.client()) {
            client.say(header + "CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.say(HELLO).socket().getInputStream().readNBytes(HELLO.length))
                    .isEqualTo(HELLO);
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(decision.client().address().getAddress().getHostAddress()).isEqualTo(address);
        assertThat(decision.client().peer().isPresent()).isEqualTo(other);
        if (other) {
            assertThat(decision.client().address().getPort()).isEqualTo(4567);
            assertThat(decision.client().peer().get().getAddress().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void reads_a_header_that_comes_byte_by_byte() throws Exception {
        start(List.of(), LOOPBACK, "");
        try (RawClient client = rig.client()) {
            for (byte each : V2.getBytes(ISO_8859_1)) {
                client.say(new byte[] {each});
            }
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        }
        assertThat(trail.nextVerdict().client().address()).isEqualTo(new InetSocketAddress("10.1.2.3", 4567));
    }

    static Stream<Arguments> refused() {
        String connect = "CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n";
        return Stream.of(
                arguments("no header from a peer that owes one", LOOPBACK, connect, "must begin with a PROXY header"),
                arguments("a header from a peer that is not trusted", ELSEWHERE, V1 + connect, "does not name"),
                arguments("a binary one from there", ELSEWHERE, V2 + connect, "does not name"),
                arguments("a second header behind the first", LOOPBACK, V1 + V1 + connect, "does not name"),
                arguments("a broken header", LOOPBACK, "PROXY TCP4 10.1.2.3 10.9.9.9 04567 3128\r\n" + connect, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String name, List<Cidr> trusted, String bytes, String hint) throws Exception {
        start(List.of(), trusted, "");
        try (RawClient client = rig.client()) {
            RawClient.Answer answer = client.say(bytes).answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.atEnd()).isTrue();
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.MALFORMED_REQUEST);
        assertThat(decision.hint()).hasValueSatisfying(text -> assertThat(text).contains(hint));
        assertThat(origin.accepted()).isZero();
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(1);
    }

    @Test
    void refuses_every_broken_header() throws Exception {
        start(List.of(), LOOPBACK, "");
        long lines = 0;
        for (Arguments broken : RefusedProxyHeaders.all().toList()) {
            try (RawClient client = rig.client()) {
                RawClient.Answer answer = client.say((String) broken.get()[1])
                        .say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n")
                        .answer();
                assertThat(answer.statusLine()).as((String) broken.get()[0]).startsWith("HTTP/1.1 400 ");
            }
            lines++;
        }
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(lines);
        assertThat(origin.accepted()).isZero();
    }

    @Test
    void a_tls_listener_turns_strangers_away_with_an_alert() throws Exception {
        SslContext context = TlsListenerIT.serverContext();
        rig = new TunnelRig(
                trail,
                origin.port(),
                "",
                new Listener(
                        TunnelRig.SOMEWHERE,
                        Optional.of(() -> context),
                        Optional.empty(),
                        ELSEWHERE,
                        List.of(),
                        List.of()));
        try (RawClient client = rig.client()) {
            assertThat(client.say(HELLO).rest())
                    .as("a fatal alert, access_denied")
                    .isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 49});
        }
        assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.SOURCE_NOT_ALLOWED);
    }

    @Test
    void a_load_balancers_look_is_no_decision() throws Exception {
        start(List.of(), LOOPBACK, "");
        rig.client().close();
        rig.client().say(V2_LOCAL).close();
        rig.awaitNoConnections();
        try (RawClient client = rig.client()) {
            client.say(V1).connect("evil.com").answer();
        }
        trail.nextVerdict();
        rig.awaitNoConnections();
        assertThat(trail.decisions()).isEqualTo(1);
    }

    @Test
    void a_header_that_does_not_come_in_time_is_said() throws Exception {
        start(List.of(), LOOPBACK, "timeouts: {head: 300ms}");
        try (RawClient client = rig.client()) {
            assertThat(client.answer().status()).isEqualTo(408);
        }
        AuditRecord.Decision decision = trail.nextVerdict();
        assertThat(refusal(decision)).isEqualTo(Refusal.HEAD_TIMEOUT);
        assertThat(decision.hint()).contains("No PROXY header came from this peer.");
    }

    static Stream<Arguments> sources() {
        List<Cidr> ten = List.of(Cidr.parse("10.0.0.0/8"));
        return Stream.of(
                arguments("the client itself, within", LOOPBACK, List.of(), "", 200),
                arguments("the client itself, from elsewhere", ten, List.of(), "", 403),
                arguments("whom the header names, within", ten, LOOPBACK, V1, 200),
                arguments("whom the header names, from elsewhere", LOOPBACK, LOOPBACK, V1, 403),
                arguments("the load balancer's own, which is not within", ten, LOOPBACK, V2_LOCAL, 403));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void sources_are_about(String name, List<Cidr> sources, List<Cidr> trusted, String header, int status)
            throws Exception {
        start(sources, trusted, "");
        try (RawClient client = rig.client()) {
            assertThat(client.say(header).connect(Rig.HOST).answer().status()).isEqualTo(status);
        }
        if (status == 403) {
            assertThat(refusal(trail.nextVerdict())).isEqualTo(Refusal.SOURCE_NOT_ALLOWED);
            assertThat(origin.accepted()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void strangers_take_no_place_of_anybody(
            String name, List<Cidr> sources, List<Cidr> trusted, String header, int status) throws Exception {
        start(sources, trusted, "");
        try (RawClient client = rig.client()) {
            assertThat(client.say(header).connect(Rig.HOST).answer().status()).isEqualTo(status);
            assertThat(rig.server().connections()).isEqualTo(status == 200 ? 1 : 0);
        }
    }

    @Test
    void counts_the_clients_behind_a_load_balancer_each_for_itself() throws Exception {
        start(List.of(), LOOPBACK, "limits: {tunnels: 10, tunnels-per-client: 1}");
        String another = V1.replace("10.1.2.3", "10.1.2.4");
        try (RawClient first = rig.client();
                RawClient second = rig.client();
                RawClient third = rig.client()) {
            assertThat(first.say(V1).connect(Rig.HOST).answer().status()).isEqualTo(200);
            assertThat(second.say(another).connect(Rig.HOST).answer().status()).isEqualTo(200);
            assertThat(third.say(V1).connect(Rig.HOST).answer().status()).isEqualTo(429);
        }
        rig.awaitNoConnections();
        try (RawClient again = rig.client()) {
            assertThat(again.say(V1).connect(Rig.HOST).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void silent_connections_of_a_load_balancer_are_bounded_in_all() throws Exception {
        start(List.of(), LOOPBACK, "limits: {tunnels: 2, tunnels-per-client: 1}");
        try (RawClient first = rig.client();
                RawClient second = rig.client()) {
            first.say("P");
            second.say("P");
            Await.until("both are counted", () -> rig.server().connections() == 2);
            try (RawClient third = rig.client()) {
                assertThat(third.answer().status()).isEqualTo(503);
            }
        }
        rig.awaitNoConnections();
    }

    private void start(List<Cidr> sources, List<Cidr> trusted, String more) throws Exception {
        rig = new TunnelRig(
                trail,
                origin.port(),
                more,
                new Listener(TunnelRig.SOMEWHERE, Optional.empty(), Optional.empty(), sources, trusted, List.of()));
    }

    private static Refusal refusal(AuditRecord.Decision decision) {
        return ((Verdict.Refused) decision.verdict()).refusal();
    }
}
