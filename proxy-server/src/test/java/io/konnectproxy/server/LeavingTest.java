package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Clients that leave, upstreams that leave and the proxy's own end in every phase: one line each, and nothing stays. */
class LeavingTest {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);

    /** How far a connection gets before something ends it. */
    private enum Phase {
        SILENT(0, 0),
        MID_HEAD(1, 0),
        RESOLVING(1, 1),
        DIALLING(1, 1),
        BEFORE_HELLO(1, 1),
        MID_HELLO(1, 1),
        RELAY(1, 1);

        private final int decisions;
        private final int ends;

        Phase(int decisions, int ends) {
            this.decisions = decisions;
            this.ends = ends;
        }
    }

    static Stream<Arguments> phases() {
        return Arrays.stream(Phase.values())
                .flatMap(phase -> Stream.of(false, true).map(reset -> arguments(phase, reset)));
    }

    @ParameterizedTest(name = "{0}, reset {1}")
    @MethodSource("phases")
    void a_client_that_leaves_costs_one_line_each(Phase phase, boolean reset) throws Exception {
        try (Stage stage = new Stage(phase)) {
            RawClient client = stage.reach();
            client.socket().setSoLinger(reset, 0);
            client.close();
            stage.awaitLines();
            stage.awaitNoConnections();
            assertThat(stage.outcomes())
                    .allMatch(outcome -> outcome.equals("client_reset")
                            ? reset
                            : !reset
                                    && Set.of("client_closed", "dns_timeout", "connect_timeout")
                                            .contains(outcome));
            stage.assertLines();
        }
    }

    static Stream<Phase> everyPhase() {
        return Arrays.stream(Phase.values());
    }

    @ParameterizedTest
    @MethodSource("everyPhase")
    void a_drain_whose_time_is_up_costs_one_line_each(Phase phase) throws Exception {
        try (Stage stage = new Stage(phase);
                RawClient client = stage.reach()) {
            CompletableFuture.runAsync(() -> {
                        try {
                            stage.rig.proxy().drain();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(ended(client)).isTrue();
            assertThat(stage.outcomes()).allMatch("drained"::equals);
            stage.assertLines();
        }
    }

    @ParameterizedTest
    @MethodSource("everyPhase")
    void a_proxy_that_is_closed_at_once_costs_one_line_each(Phase phase) throws Exception {
        try (Stage stage = new Stage(phase);
                RawClient client = stage.reach()) {
            stage.rig.proxy().close();
            assertThat(ended(client)).isTrue();
            assertThat(stage.outcomes()).allMatch("drained"::equals);
            stage.assertLines();
        }
    }

    private static boolean ended(RawClient client) {
        try {
            client.rest();
        } catch (IOException e) {
            // A reset is an end too.
        }
        return true;
    }

    @org.junit.jupiter.api.Test
    void an_upstream_that_resets_before_the_hello_is_named() throws Exception {
        // Not at once: a reset during the handshake of TCP is a failure to connect.
        CountDownLatch established = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        try (Rig rig = new Rig(
                        Origin.plain(upstream -> {
                            established.await();
                            upstream.setSoLinger(true, 0);
                            upstream.close();
                            reset.countDown();
                        }),
                        "");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            established.countDown();
            reset.await();
            client.say(HELLO);
            assertThat(ended(client)).isTrue();
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "outcome")).isEqualTo("upstream_reset");
            await(() -> rig.proxy().connections() == 0);
            assertThat(rig.audit().tunnelEnds()).hasSize(1);
        }
    }

    @org.junit.jupiter.api.Test
    void an_upstream_that_closes_before_the_hello_is_named() throws Exception {
        try (Rig rig = new Rig(Origin.plain(Socket::shutdownOutput), "");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            client.say(HELLO);
            assertThat(ended(client)).isTrue();
            client.socket().close();
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "outcome")).startsWith("upstream_");
            await(() -> rig.proxy().connections() == 0);
            assertThat(rig.audit().tunnelEnds()).hasSize(1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** A proxy on which a client can get as far as a phase, and no further. */
    private static final class Stage implements AutoCloseable {
        private final Phase phase;
        private final ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> fillers = new ArrayList<>();
        private final Rig rig;

        Stage(Phase phase) throws Exception {
            this.phase = phase;
            if (phase == Phase.DIALLING) {
                fill();
            }
            this.rig = new Rig(
                    phase == Phase.DIALLING
                            ? Origin.mindedElsewhere(full)
                            : Origin.plain(
                                    upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                    StandInDns.start(question ->
                            phase == Phase.RESOLVING ? StandInAnswer.silence() : StandInAnswer.of("127.0.0.1")),
                    "timeouts: {drain: 10ms, connect: 800ms}\ndns: {servers: [\"DNS\"], timeout: 600ms}\n");
        }

        private void fill() throws IOException {
            while (fillers.size() < 64) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(full.getLocalSocketAddress(), 100);
                } catch (SocketTimeoutException e) {
                    return;
                }
            }
        }

        RawClient reach() throws Exception {
            RawClient client = rig.client();
            await(() -> rig.proxy().connections() == 1);
            switch (phase) {
                case SILENT -> {}
                case MID_HEAD -> client.say("CONNECT us.api.konghq.com:443 HTTP/1.1\r\nHos");
                case RESOLVING -> {
                    client.connect(Rig.HOST);
                    await(() -> !rig.dns().asked().isEmpty());
                }
                case DIALLING -> {
                    client.connect(Rig.HOST);
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("decision"));
                    await(() -> !rig.dns().asked().isEmpty());
                }
                default ->
                    assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            }
            switch (phase) {
                case MID_HELLO -> client.say(Arrays.copyOf(HELLO, 50));
                case RELAY -> {
                    client.say(HELLO);
                    assertThat(client.socket().getInputStream().readNBytes(HELLO.length))
                            .isEqualTo(HELLO);
                }
                default -> {}
            }
            return client;
        }

        void awaitLines() throws IOException {
            if (phase.decisions > 0) {
                rig.audit().await(line -> AuditLines.text(line, "event").equals("decision"));
            }
            if (phase.ends > 0) {
                rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            }
        }

        void awaitNoConnections() {
            await(() -> rig.proxy().connections() == 0);
        }

        List<String> outcomes() throws IOException {
            return rig.audit().tunnelEnds().stream()
                    .map(line -> AuditLines.text(line, "outcome"))
                    .toList();
        }

        /** After the proxy's end, when no line can follow any more. */
        void assertLines() throws IOException {
            rig.proxy().close();
            assertThat(rig.audit().decisions()).hasSize(phase.decisions);
            assertThat(rig.audit().tunnelEnds()).hasSize(phase.ends);
        }

        @Override
        public void close() throws IOException {
            rig.close();
            for (Socket filler : fillers) {
                filler.close();
            }
            full.close();
        }
    }
}
