package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Phase;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.Stage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Clients that leave and the proxy's own end, in every phase: one line each, and nothing stays. */
class LeavingIT {
    /** For tests in which it passes. */
    private static final Duration SHORT = Duration.ofMillis(1_500);
    /** For tests in which it must not, on a machine however busy. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static Rig rig(Stage stage, Duration connect) throws Exception {
        return new Rig(stage.origin(), stage.dns(), """
                timeouts: {drain: 10ms, connect: %dms}
                dns: {servers: ["DNS"], timeout: %dms}
                """.formatted(connect.toMillis(), connect.toMillis() * 3 / 4));
    }

    static Stream<Arguments> leaving() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Stream.of(
                        arguments(phase, "closes", outcomesOfAClose(phase)),
                        arguments(phase, "resets", outcomesOfAReset(phase))));
    }

    /** A close looks like a half-close, behind which a client may still listen: as long as there is no tunnel, it waits. */
    private static Set<String> outcomesOfAClose(Phase phase) {
        return switch (phase) {
            case SILENT, MID_HEAD -> Set.of();
            case RESOLVING -> Set.of("dns_timeout");
            case DIALLING, DIALLING_AGAIN -> Set.of("connect_timeout");
            case BEFORE_HELLO, MID_HELLO, RELAY, CLIENT_FINISHED -> Set.of("client_closed");
            case UPSTREAM_FINISHED -> Set.of("upstream_closed");
        };
    }

    private static Set<String> outcomesOfAReset(Phase phase) {
        return switch (phase) {
            case SILENT, MID_HEAD -> Set.of();
            case RESOLVING, DIALLING, DIALLING_AGAIN, BEFORE_HELLO, MID_HELLO, RELAY -> Set.of("client_reset");
            // What ended first counts.
            case CLIENT_FINISHED -> Set.of("client_closed");
            case UPSTREAM_FINISHED -> Set.of("upstream_closed");
        };
    }

    @ParameterizedTest(name = "{0}, it {1}")
    @MethodSource("leaving")
    void a_client_that_leaves_costs_one_line_each(Phase phase, String how, Set<String> outcomes) throws Exception {
        boolean reset = how.equals("resets");
        boolean waits = outcomes.stream().anyMatch(outcome -> outcome.endsWith("_timeout"));
        try (Stage stage = new Stage();
                Rig rig = rig(stage, waits ? SHORT : LONG)) {
            RawClient client = stage.reach(phase, rig.address(), rig.audit());
            client.socket().setSoLinger(reset, 0);
            long left = System.nanoTime();
            client.close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0 && stage.talking() == 0);
            // A close may be seen no earlier than an attempt ends, a reset at once; the rest is for a busy machine.
            assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(SHORT.plusSeconds(5));
            assertUpstream(stage, phase);
            Stage.assertServes(rig.address());
            assertLines(rig, phase, outcomes);
        }
    }

    /** Nothing is read from a side that has finished, so its close is noticed only by a write or by the idle limit. */
    @Test
    void a_client_that_vanishes_after_its_half_close_is_gone_when_the_tunnel_is_idle() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Stage stage = new Stage();
                Rig rig = new Rig(Origin.plain(upstream -> over.await()), stage.dns(), "timeouts: {idle: 300ms}\n")) {
            RawClient client = rig.client();
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(Hellos.naming(Rig.HOST)).socket().shutdownOutput();
            client.socket().setSoLinger(true, 0);
            client.close();
            Await.until("nobody is there", () -> rig.proxy().connections() == 0);
            over.countDown();
            rig.proxy().close();
            assertThat(rig.audit().decisions()).hasSize(1);
            assertThat(rig.audit().tunnelEnds())
                    .extracting(line -> AuditLines.text(line, "outcome"))
                    .containsExactly("client_closed");
        }
    }

    /** A side that finished before is the one that ended the tunnel. */
    private static Set<String> outcomesOfTheProxysEnd(Phase phase) {
        return switch (phase) {
            case CLIENT_FINISHED -> Set.of("client_closed");
            case UPSTREAM_FINISHED -> Set.of("upstream_closed");
            default -> Set.of("drained");
        };
    }

    @ParameterizedTest
    @EnumSource
    void a_drain_whose_time_is_up_costs_one_line_each(Phase phase) throws Exception {
        ends(phase, rig -> rig.proxy().drain());
    }

    @ParameterizedTest
    @EnumSource
    void a_proxy_that_is_closed_at_once_costs_one_line_each(Phase phase) throws Exception {
        ends(phase, rig -> rig.proxy().close());
    }

    private interface End {
        void of(Rig rig) throws InterruptedException;
    }

    private static void ends(Phase phase, End end) throws Exception {
        try (Stage stage = new Stage();
                Rig rig = rig(stage, LONG);
                RawClient client = stage.reach(phase, rig.address(), rig.audit())) {
            end.of(rig);
            awaitEnd(client);
            Await.until("the upstream is left alone", () -> stage.talking() == 0);
            assertUpstream(stage, phase);
            assertLines(rig, phase, outcomesOfTheProxysEnd(phase));
        }
    }

    private static void awaitEnd(RawClient client) {
        try {
            client.rest();
        } catch (IOException e) {
            // A reset is an end too; what is not is a time-out.
            assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void assertUpstream(Stage stage, Phase phase) throws IOException {
        stage.origin().awaitEnds();
        assertThat(stage.origin().accepted()).isEqualTo(phase.hasUpstream() ? 1 : 0);
        assertThat(stage.received()).isEqualTo(phase.hasRelay() ? Hellos.naming(phase.host()).length : 0);
    }

    /** After the proxy's end, when no line can follow any more. */
    private static void assertLines(Rig rig, Phase phase, Set<String> outcomes) throws IOException {
        rig.proxy().close();
        assertThat(of(phase, rig.audit().decisions())).hasSize(phase.decisions());
        assertThat(of(phase, rig.audit().tunnelEnds()))
                .hasSize(phase.ends())
                .allSatisfy(line -> assertThat(AuditLines.text(line, "outcome")).isIn(outcomes));
    }

    private static List<JsonNode> of(Phase phase, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> AuditLines.text(line, "target").contains(phase.host()))
                .toList();
    }
}
