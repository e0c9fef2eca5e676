package io.konnectproxy.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The time for a request head is absolute: neither silence nor dripping gets more of it. */
class HeadDeadlineIT {
    private static final Duration HEAD = Duration.ofMillis(400);

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "timeouts: {head: " + HEAD.toMillis() + "ms}\n");
    }

    @Test
    void refuses_a_client_that_says_nothing() throws Exception {
        try (RawClient client = rig.client()) {
            assertTimedOut(client);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void refuses_a_client_that_drips() throws Exception {
        long begun = System.nanoTime();
        try (RawClient client = rig.client()) {
            client.socket().setSoTimeout(1);
            String head = "CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nX-Slow: " + "a".repeat(4000);
            drip(client, head);
            assertThat(System.nanoTime() - begun)
                    .isBetween(HEAD.toNanos(), HEAD.plusSeconds(5).toNanos());
            client.socket().setSoTimeout(5_000);
            assertTimedOut(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT bob:s3cret", "CONNECT bob:1234 ", "CONNECT 1234:443 HTTP/1.", "GET /s3cret"})
    void says_nothing_of_a_target_behind_which_an_at_sign_may_still_come(String begin) throws Exception {
        try (RawClient client = rig.client()) {
            client.say(begin);
            JsonNode line = assertTimedOut(client);
            assertThat(AuditLines.text(line, "target")).isEmpty();
            assertThat(line.path("truncated").asBoolean(false)).isTrue();
        }
    }

    @Test
    void says_what_was_asked_for_once_that_is_certain() throws Exception {
        try (RawClient client = rig.client()) {
            client.say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\n");
            assertThat(AuditLines.text(assertTimedOut(client), "target")).isEqualTo(Rig.HOST + ":443");
        }
    }

    /** Until the proxy has said something. */
    private static void drip(RawClient client, String head) throws IOException {
        for (int i = 0; i < head.length() && client.socket().getInputStream().available() == 0; i++) {
            client.say(head.substring(i, i + 1));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static JsonNode assertTimedOut(RawClient client) throws Exception {
        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.reason()).isEqualTo("head_timeout");
        JsonNode line = rig.audit()
                .decisionOf(answer.header("X-Konnect-Proxy-Request-Id").orElseThrow());
        assertThat(AuditLines.text(line, "reason")).isEqualTo("head_timeout");
        return line;
    }

    @Test
    void ends_a_refused_client_that_never_closes() throws Exception {
        long begun = System.nanoTime();
        try (RawClient client = rig.client()) {
            assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
            assertThat(client.atEnd()).isTrue();
            awaitCut(client, begun, new byte[1]);
        }
    }

    @Test
    void ends_a_refused_client_that_never_stops_sending() throws Exception {
        long begun = System.nanoTime();
        try (RawClient client = rig.client()) {
            assertThat(client.connect("evil.com").answer().status()).isEqualTo(403);
            assertThat(client.atEnd()).isTrue();
            awaitCut(client, begun, new byte[256 * 1024]);
        }
    }

    /** The proxy has closed the connection when what is sent to it is answered with a reset. */
    private static void awaitCut(RawClient client, long begun, byte[] chunk) {
        try {
            while (true) {
                client.say(chunk);
                assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (IOException e) {
            assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** {@code printf 'CONNECT …' | nc}: both sides are finished with the reply, and nothing lingers. */
    @Test
    void answers_and_closes_at_once_when_the_client_has_finished_already() throws Exception {
        for (String request : new String[] {
            "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n", "CONNECT evil.com", "GET / HTTP/1.1\r\n"
        }) {
            try (RawClient client = rig.client()) {
                client.say(request);
                client.socket().shutdownOutput();
                Answer answer = client.answer();
                assertThat(answer.status()).isGreaterThanOrEqualTo(400);
                assertThat(client.atEnd()).isTrue();
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_800);
                while (rig.proxy().connections() != 0) {
                    assertThat(System.nanoTime()).as(request).isLessThan(end);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
        }
    }
}
