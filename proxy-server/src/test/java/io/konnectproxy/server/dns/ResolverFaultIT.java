package io.konnectproxy.server.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.konnectproxy.support.UnreliableDns;
import io.konnectproxy.support.UnreliableDns.Mood;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A name server that dies, behind the whole proxy: what clients are told meanwhile, and that all is well afterwards. */
class ResolverFaultIT {
    private static final String HOST = Rig.HOST;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.server.dns");

    @RegisterExtension
    private final LogCapture netty = ResolverRig.netty();

    private Origin origin;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    private Rig rig(StandInDns dns, UnreliableDns before, String timeout) throws Exception {
        return new Rig(origin, dns, "dns: {servers: [\"" + before.address() + "\"], timeout: " + timeout + "}\n");
    }

    static Stream<Arguments> deaths() {
        return Stream.of(
                arguments("silent", Mood.SILENT, Mood.SILENT, Set.of("dns_timeout")),
                arguments("talking nonsense", Mood.GARBAGE, Mood.GARBAGE, Set.of("dns_timeout")),
                // Whether the kernel's word reaches the resolver in time is the kernel's affair.
                arguments("gone", Mood.GONE, Mood.GONE, Set.of("dns_failed", "dns_timeout")),
                arguments("dying while it is asked", Mood.SILENT, Mood.GONE, Set.of("dns_failed", "dns_timeout")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deaths")
    void a_resolver_in_trouble_costs_one_line_each_and_is_asked_again(
            String what, Mood before, Mood meanwhile, Set<String> tokens) throws Exception {
        try (StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
                UnreliableDns unreliable = new UnreliableDns(dns);
                Rig rig = rig(dns, unreliable, "300ms");
                RawClient client = rig.client()) {
            unreliable.turn(before);
            client.connect(HOST);
            if (before != Mood.GONE) {
                Await.until("it is asked", () -> unreliable.asked() > 0);
            }
            unreliable.turn(meanwhile);
            Answer answer = client.answer();
            assertThat(answer.reason()).isIn(tokens);
            assertThat(answer.status()).isEqualTo(answer.reason().equals("dns_timeout") ? 504 : 502);
            assertThat(client.atEnd()).isTrue();
            client.socket().close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            assertThat(origin.accepted()).isZero();
            unreliable.turn(Mood.WELL);
            Await.until("it serves again", () -> serves(rig));
            rig.proxy().close();
            assertThat(rig.audit().decisions()).hasSameSizeAs(rig.audit().tunnelEnds());
            assertThat(rig.audit().tunnelEnds().stream()
                            .filter(line -> AuditLines.text(line, "id")
                                    .equals(answer.header("X-Konnect-Proxy-Request-Id")
                                            .orElseThrow())))
                    .extracting(line -> AuditLines.text(line, "outcome"))
                    .containsExactly(answer.reason());
        }
    }

    /** Whether a tunnel comes about; the name is the same, so that what is remembered of it has to be overcome. */
    private static boolean serves(Rig rig) {
        try (RawClient client = rig.client()) {
            return client.connect(HOST).answer().status() == 200;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_resolver_that_is_gone_between_two_look_ups_is_not_missed() throws Exception {
        try (StandInDns dns = StandInDns.start(question -> DnsAnswers.lasting(Duration.ofSeconds(1), "127.0.0.1"));
                UnreliableDns unreliable = new UnreliableDns(dns);
                Rig rig = rig(dns, unreliable, "2s")) {
            assertThat(serves(rig)).isTrue();
            unreliable.turn(Mood.SILENT);
            // First from the cache, then with addresses that should have been renewed.
            Await.until(
                    "it is asked again",
                    () -> serves(rig)
                            && log.said().stream()
                                    .anyMatch(message -> message.startsWith("DNS does not answer for " + HOST)));
            for (int i = 0; i < 5; i++) {
                assertThat(serves(rig)).isTrue();
            }
            assertThat(log.said())
                    .filteredOn(message -> message.startsWith("DNS does not answer for " + HOST))
                    .hasSize(1);
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            rig.proxy().close();
            assertThat(rig.audit().tunnelEnds())
                    .hasSameSizeAs(rig.audit().decisions())
                    .allSatisfy(
                            line -> assertThat(AuditLines.text(line, "outcome")).isEqualTo("client_closed"));
        }
    }

    /** With a clock of the test's, which the whole proxy does not take; the tunnels and the datagrams are real. */
    @Test
    void old_addresses_serve_for_a_while_and_not_for_ever() throws Exception {
        TestTrail trail = TestTrail.taking();
        StandInAnswer here = DnsAnswers.lasting(Duration.ofSeconds(20), "127.0.0.1");
        try (ResolverRig resolving = new ResolverRig(Duration.ofSeconds(10), "127.0.0.0/8").answering(HOST, here);
                TunnelRig rig = new TunnelRig(
                        trail,
                        (permit, loop) -> resolving.resolver().resolve(permit, InetAddress.getLoopbackAddress(), loop),
                        origin.port(),
                        "")) {
            assertThat(said(rig)).isEqualTo("200");
            resolving.answering(HOST, DnsAnswers.serverFailure()).pass(Duration.ofSeconds(20));
            assertThat(said(rig)).isEqualTo("200");
            assertThat(said(rig)).isEqualTo("200");
            assertThat(resolving.resolver().staleAnswers()).isEqualTo(2);
            resolving.pass(Duration.ofMinutes(10));
            assertThat(said(rig)).isEqualTo("502 dns_failed");
            resolving.answering(HOST, here).pass(Duration.ofSeconds(1));
            assertThat(said(rig)).isEqualTo("200");
            rig.awaitNoConnections();
            assertThat(trail.decisions()).isEqualTo(5);
            assertThat(trail.tunnelEnds()).isEqualTo(5);
            Await.until("the origin has seen all", () -> origin.accepted() == 4);
            assertThat(log.said())
                    .filteredOn(message -> message.startsWith("DNS does not answer for " + HOST))
                    .hasSize(1);
        }
    }

    private static String said(TunnelRig rig) throws IOException {
        try (RawClient client = rig.client()) {
            Answer answer = client.connect(HOST).answer();
            return (answer.status() + " " + answer.reason()).strip();
        }
    }
}
