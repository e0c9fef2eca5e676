package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The clean end: what runs may finish, what comes is refused, all of it is recorded. */
class DrainIT {
    private static final Origin.Conversation ECHO =
            upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream());

    @Test
    void lets_a_tunnel_finish_and_accepts_no_new_client() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {drain: 20s}\n");
                // Says its half before a whole tunnel is opened: the proxy has read it by then.
                RawClient asking = rig.client().say("CONNECT " + Rig.HOST);
                RawClient open = rig.openTunnel()) {
            CompletableFuture<Void> drained = drain(rig);
            awaitRefusedConnection(rig);
            assertThat(rig.readiness()).isEqualTo(503);
            open.say("still here");
            assertThat(new String(open.socket().getInputStream().readNBytes(10), US_ASCII))
                    .isEqualTo("still here");
            Answer answer = asking.say(":443 HTTP/1.1\r\nHost: " + Rig.HOST + "\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.reason()).isEqualTo("draining");
            assertThat(answer.header("Retry-After")).isPresent();
            // Else the drain waits until it is cut.
            asking.socket().close();
            assertThat(drained).isNotDone();
            open.socket().shutdownOutput();
            assertThat(open.atEnd()).isTrue();
            drained.get(10, TimeUnit.SECONDS);
            assertThat(outcomes(rig)).containsExactly("client_closed");
            assertThat(events(rig)).startsWith("start").endsWith("stop").contains("drain");
        }
    }

    @Test
    void closes_what_has_not_finished_in_time_and_records_it() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {drain: 200ms}\n");
                RawClient open = rig.openTunnel()) {
            drain(rig).get(10, TimeUnit.SECONDS);
            assertThat(open.atEnd()).isTrue();
            assertThat(outcomes(rig)).containsExactly("drained");
        }
    }

    /** Each data plane comes back within seconds: those of a whole fleet must not be sent away at one moment. */
    @Test
    void closes_open_tunnels_one_after_the_other_the_oldest_first() throws Exception {
        int tunnels = 8;
        Duration patience = Duration.ofSeconds(2);
        List<RawClient> open = new ArrayList<>();
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {drain: 2s}\n")) {
            for (int i = 0; i < tunnels; i++) {
                open.add(rig.openTunnel());
            }
            long begun = System.nanoTime();
            CompletableFuture<Void> drained = drain(rig);
            for (int i = 0; i < tunnels; i++) {
                assertThat(open.get(i).atEnd()).isTrue();
                Duration turn = patience.multipliedBy(i + 1).dividedBy(tunnels);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("tunnel %s", i)
                        .isGreaterThanOrEqualTo(turn.minusMillis(20));
                if (i < tunnels / 2) {
                    // Still open, though the time of older ones is up.
                    RawClient last = open.get(tunnels - 1);
                    assertThat(new String(
                                    last.say("x").socket().getInputStream().readNBytes(1), US_ASCII))
                            .isEqualTo("x");
                }
            }
            drained.get(10, TimeUnit.SECONDS);
            assertThat(outcomes(rig)).hasSize(tunnels).containsOnly("drained");
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
    }

    @Test
    void ends_as_soon_as_the_last_tunnel_has() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {drain: 40s}\n");
                RawClient one = rig.openTunnel();
                RawClient other = rig.openTunnel()) {
            CompletableFuture<Void> drained = drain(rig);
            awaitRefusedConnection(rig);
            one.socket().shutdownOutput();
            other.socket().shutdownOutput();
            drained.get(10, TimeUnit.SECONDS);
            assertThat(outcomes(rig)).containsExactly("client_closed", "client_closed");
        }
    }

    @Test
    void does_not_wait_for_connections_that_ask_for_nothing() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {drain: 20s}\n");
                RawClient silent = rig.client()) {
            Await.until("the connection is counted", () -> rig.proxy().connections() == 1);
            drain(rig).get(5, TimeUnit.SECONDS);
            assertThat(silent.atEnd()).isTrue();
            assertThat(rig.audit().decisions()).isEmpty();
        }
    }

    private static CompletableFuture<Void> drain(Rig rig) {
        return CompletableFuture.runAsync(() -> {
            try {
                rig.proxy().drain();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** One that was waiting to be accepted when the listener closed is reset instead. */
    private static void awaitRefusedConnection(Rig rig) {
        Await.until("connections are refused", () -> {
            try {
                rig.client().close();
                return false;
            } catch (ConnectException e) {
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static List<String> outcomes(Rig rig) throws Exception {
        return rig.audit().tunnelEnds().stream()
                .map(line -> AuditLines.text(line, "outcome"))
                .toList();
    }

    private static List<String> events(Rig rig) throws Exception {
        return rig.audit().all().stream()
                .map((JsonNode line) -> AuditLines.text(line, "event"))
                .toList();
    }
}
