package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FailingUpstream;
import io.konnectproxy.support.FailingUpstream.Fault;
import io.konnectproxy.support.FailingUpstream.Moment;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.SilentListener;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Upstreams that fail, in every phase: the client gets a reply or is cut off, one line names the side that failed, and
 * no connection stays open.
 */
class UpstreamFaultIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    /** At 127.77.0.3 the connection is refused, at 127.77.0.2 it gets no answer; the host has the given addresses. */
    private static Rig rig(Origin origin, SilentListener silent, String addresses, String connect) throws Exception {
        if (addresses.contains("127.77.0.2")) {
            silent.fill();
        }
        return new Rig(
                origin,
                StandInDns.start(question -> StandInAnswer.of(
                        question.name().equals(Rig.HOST) ? addresses.split(" ") : new String[] {"127.0.0.1"})),
                "timeouts: {connect: " + connect + "}\n");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "one that refuses, 127.77.0.3, connect_refused",
        "one that does not answer, 127.77.0.2, connect_timeout",
        "two that refuse, 127.77.0.3 127.77.0.4, connect_refused",
        "one that refuses and one that does not answer, 127.77.0.3 127.77.0.2, connect_timeout",
        "one that does not answer and one that refuses, 127.77.0.2 127.77.0.3, connect_refused"
    })
    void an_upstream_that_cannot_be_reached_is_said(String what, String addresses, String token) throws Exception {
        try (Origin origin =
                        Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
                SilentListener silent = new SilentListener("127.77.0.2", origin.port());
                Rig rig = rig(origin, silent, addresses, token.equals("connect_timeout") ? "1s" : "4s");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo(token);
            assertThat(client.atEnd()).isTrue();
            client.socket().close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            assertThat(origin.accepted()).isZero();
            Stage.assertServes(rig.address());
            assertOneLineEach(rig, Set.of(token));
        }
    }

    static Stream<Arguments> leaving() {
        Stream<Arguments> phases = Arrays.stream(Moment.values())
                .flatMap(moment -> Stream.of(Fault.values()).map(fault -> Arguments.of(moment, fault, "127.0.0.1")));
        Stream<Arguments> behindADeadAddress = Stream.of("127.77.0.3 127.0.0.1", "127.77.0.2 127.0.0.1")
                .flatMap(all -> Stream.of(Fault.values()).map(fault -> Arguments.of(Moment.AT_ONCE, fault, all)));
        return Stream.concat(phases, behindADeadAddress);
    }

    @ParameterizedTest(name = "{0}, it {1} (addresses: {2})")
    @MethodSource("leaving")
    void an_upstream_that_leaves_is_named(Moment moment, Fault fault, String addresses) throws Exception {
        FailingUpstream failing = new FailingUpstream(moment, fault, HELLO);
        try (Origin origin = Origin.plain(failing::converse);
                SilentListener silent = new SilentListener("127.77.0.2", origin.port());
                Rig rig = rig(origin, silent, addresses, "4s");
                RawClient client = rig.client()) {
            failing.meet(client);
            client.socket().close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            assertThat(failing.tooEarly())
                    .as("bytes before the hello was judged")
                    .isZero();
            Stage.assertServes(rig.address());
            assertOneLineEach(rig, outcomes(moment, fault));
        }
    }

    private static Set<String> outcomes(Moment moment, Fault fault) {
        return switch (moment) {
            // A reset may come before the proxy has noticed that it is connected.
            case AT_ONCE ->
                fault == Fault.RESETS ? Set.of("connect_failed", "upstream_reset") : Set.of("upstream_closed");
            // A close with unread bytes also sends a RST, and the end may be read before it.
            case FLOWING_UP, UPSTREAM_READS_NOTHING ->
                fault == Fault.RESETS ? Set.of("upstream_reset") : Set.of("upstream_reset", "upstream_closed");
            // What ended first counts.
            case CLIENT_FINISHED -> Set.of("client_closed");
            case UPSTREAM_FINISHED -> Set.of("upstream_closed");
            default -> Set.of(fault == Fault.RESETS ? "upstream_reset" : "upstream_closed");
        };
    }

    /** What a client that reads nothing keeps the proxy from noticing, the idle time ends; the client got what fits. */
    @Test
    void an_upstream_that_resets_while_the_client_reads_nothing_is_gone_when_the_tunnel_is_idle() throws Exception {
        FailingUpstream failing = new FailingUpstream(Moment.CLIENT_READS_NOTHING, Fault.RESETS, HELLO);
        try (Origin origin = Origin.plain(failing::converse);
                Rig rig = new Rig(origin, "timeouts: {idle: 500ms}\n");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            assertOneLineEach(rig, Set.of("idle", "upstream_reset"));
        }
    }

    /** The other way round: nothing is read from a client that was faster than its upstream. */
    @Test
    void a_client_that_resets_while_the_upstream_reads_nothing_is_gone_when_the_tunnel_is_idle() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin = Origin.plain(upstream -> over.await());
                Rig rig = new Rig(origin, "timeouts: {idle: 500ms}\n");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            FailingUpstream.floodUntilItStands(client.socket());
            client.socket().setSoLinger(true, 0);
            client.socket().close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            over.countDown();
            assertOneLineEach(rig, Set.of("idle", "client_reset"));
        }
    }

    /** Nothing is read from an upstream before the hello: that it is gone is found when there is something to send. */
    @ParameterizedTest
    @MethodSource("faults")
    void an_upstream_that_left_before_a_hello_that_never_comes_is_a_late_hello(Fault fault) throws Exception {
        try (Origin origin = Origin.plain(fault::strike);
                Rig rig = new Rig(origin, "timeouts: {client-hello: 300ms}\n");
                RawClient client = rig.client()) {
            if (client.connect(Rig.HOST).answer().status() == 200) {
                client.rest();
            }
            client.socket().close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            assertOneLineEach(rig, Set.of("hello_timeout", "connect_failed"));
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(Fault.values());
    }

    /** After the proxy's end, when no line can follow any more. */
    private static void assertOneLineEach(Rig rig, Set<String> outcomes) throws IOException {
        rig.proxy().close();
        assertThat(of(Rig.HOST, rig.audit().decisions()))
                .extracting(line -> AuditLines.text(line, "verdict"))
                .containsExactly("permitted");
        assertThat(of(Rig.HOST, rig.audit().tunnelEnds())).hasSize(1);
        assertThat(of(Rig.HOST, rig.audit().tunnelEnds()))
                .allSatisfy(line -> assertThat(AuditLines.text(line, "outcome")).isIn(outcomes));
    }

    private static List<JsonNode> of(String host, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> AuditLines.text(line, "target").startsWith(host))
                .toList();
    }
}
