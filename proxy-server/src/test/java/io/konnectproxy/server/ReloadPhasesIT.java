package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tunnels that a change finds in another phase than the relay, and changes that follow one another. */
class ReloadPhasesIT {
    private static final Origin.Conversation ECHO =
            upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream());

    @Test
    void a_name_that_is_being_resolved_is_not_dialled_by_the_rules_of_before() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        StandInDns dns = StandInDns.start(question -> {
            asked.countDown();
            try {
                answer.await(3, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return StandInAnswer.of("127.0.0.1");
        });
        try (Rig rig = new Rig(Origin.plain(ECHO), dns, "regions: [us]\n");
                RawClient client = rig.client().connect(Rig.HOST)) {
            asked.await();
            assertThat(rig.reload("regions: [us]\npermit-addresses: [10.0.0.0/8]\n")
                            .ended())
                    .isEqualTo(1);
            answer.countDown();
            assertThat(client.answer().reason()).isEqualTo("configuration_changed");
            assertThat(outcome(rig)).isEqualTo("policy_changed");
        } finally {
            answer.countDown();
        }
    }

    @Test
    void a_request_has_the_time_that_it_began_with_whatever_changes_follow() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        StandInDns dns = StandInDns.start(question -> {
            asked.complete(null);
            return StandInAnswer.of("127.0.0.1").after(answer);
        });
        try (Rig rig = new Rig(
                        Origin.plain(ECHO),
                        dns,
                        "regions: [us]\ndns: {servers: [\"DNS\"], timeout: 5s}\ntimeouts: {connect: 10s}\n");
                RawClient client = rig.client().connect(Rig.HOST)) {
            asked.join();
            rig.reload("regions: [us]\ndns: {servers: [\"DNS\"], timeout: 5s}\ntimeouts: {connect: 100ms}\n");
            rig.reload("regions: [us]\ndns: {servers: [\"DNS\"], timeout: 4s}\ntimeouts: {connect: 100ms}\n");
            TimeUnit.MILLISECONDS.sleep(1500);
            answer.complete(null);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void a_hello_is_judged_by_the_server_names_in_force() throws Exception {
        String before = "extra-hosts: [{name: own, host: own.example, expected-sni: [other.example]}]\n";
        try (Rig rig = new Rig(Origin.plain(ECHO), before);
                RawClient client = rig.client().connect("own.example")) {
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(rig.reload("extra-hosts: [{name: own, host: own.example}]\n")
                            .ended())
                    .isEqualTo(1);
            assertThat(outcome(rig)).isEqualTo("policy_changed");
        }
    }

    @Test
    void what_a_tunnel_began_without_is_still_missed_after_the_next_change() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "");
                RawClient first = openTunnel(rig);
                RawClient second = openTunnel(rig)) {
            String demand = "listen: [{address: \"127.0.0.1:0\", proxy-protocol: [127.0.0.0/8]}]\n";
            assertThat(rig.reload(demand + "timeouts: {drain: 60s}\n").ended()).isEqualTo(2);
            assertThat(first.atEnd()).isTrue();
            Await.value(rig.proxy()::connections, 1);
            assertThat(rig.reload(demand + "timeouts: {drain: 59s}\n").ended()).isEqualTo(1);
            assertThat(second.socket().isClosed()).isFalse();
        }
    }

    @Test
    void a_tunnel_without_a_hello_offers_no_session_after_the_next_change_either() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "timeouts: {client-hello: 30s}\n");
                RawClient first = rig.client().connect(Rig.HOST);
                RawClient second = rig.client()) {
            assertThat(first.answer().status()).isEqualTo(200);
            assertThat(second.connect(Rig.HOST).answer().status()).isEqualTo(200);
            assertThat(rig.reload("resumption: refuse\ntimeouts: {drain: 60s}\n")
                            .ended())
                    .isEqualTo(2);
            assertThat(rig.reload("resumption: refuse\ntimeouts: {drain: 59s}\n")
                            .ended())
                    .isPositive();
        }
    }

    @Test
    void tunnels_of_a_removed_listener_end_by_the_change_whatever_follows() throws Exception {
        List<RawClient> open = new ArrayList<>();
        try (Rig rig = new Rig(Origin.plain(ECHO), "")) {
            for (int i = 0; i < 4; i++) {
                open.add(openTunnel(rig));
            }
            rig.reload("listen: [{address: \"127.0.0.2:0\"}]\ntimeouts: {drain: 1s}\n");
            rig.reload("listen: [{address: \"127.0.0.2:0\"}]\ntimeouts: {drain: 60s}\n");
            Await.until("all have ended", () -> ends(rig).size() == 4);
            assertThat(ends(rig)).containsOnly("policy_changed");
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
    }

    @Test
    void a_request_on_a_removed_listener_is_answered_however_slow_it_is() throws Exception {
        try (Rig rig = new Rig(Origin.plain(ECHO), "");
                RawClient half = rig.client().say("CONNECT ")) {
            Await.until("the connection is counted", () -> rig.proxy().connections() == 1);
            rig.reload("listen: [{address: \"127.0.0.2:0\"}]\ntimeouts: {drain: 100ms}\n");
            TimeUnit.MILLISECONDS.sleep(2500);
            assertThat(half.say(Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n\r\n")
                            .answer()
                            .reason())
                    .isEqualTo("configuration_changed");
        }
    }

    @Test
    void a_half_closed_tunnel_ends_by_the_change() throws Exception {
        Origin.Conversation endless = upstream -> {
            upstream.getInputStream().readAllBytes();
            TimeUnit.SECONDS.sleep(30);
        };
        try (Rig rig = new Rig(Origin.plain(endless), "regions: [us]\n");
                RawClient client = rig.client().connect(Rig.HOST)) {
            assertThat(client.answer().status()).isEqualTo(200);
            client.say(Hellos.naming(Rig.HOST));
            TimeUnit.MILLISECONDS.sleep(200);
            client.socket().shutdownOutput();
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(rig.reload("regions: [eu]\n").ended()).isEqualTo(1);
            assertThat(outcome(rig)).isEqualTo("policy_changed");
            Await.until("its slot is free", () -> rig.proxy().connections() == 0);
        }
    }

    private static List<String> ends(Rig rig) {
        return rig.audit().all().stream()
                .filter(line -> AuditLines.text(line, "event").equals("tunnel"))
                .map(line -> AuditLines.text(line, "outcome"))
                .toList();
    }

    private static String outcome(Rig rig) throws Exception {
        JsonNode end = rig.audit().await(line -> "tunnel".equals(AuditLines.text(line, "event")));
        return AuditLines.text(end, "outcome");
    }

    private static RawClient openTunnel(Rig rig) throws Exception {
        RawClient client = rig.openTunnel();
        assertThat(new String(client.say("x").socket().getInputStream().readNBytes(1), US_ASCII))
                .isEqualTo("x");
        return client;
    }
}
