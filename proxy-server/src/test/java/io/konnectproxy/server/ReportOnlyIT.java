package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code mode: report-only} over real sockets: lets names through, and nothing that is unsafe whatever the rules say. */
class ReportOnlyIT {
    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream())),
                StandInDns.start(
                        question -> StandInAnswer.of(question.name().startsWith("inside.") ? "10.0.0.1" : "127.0.0.1")),
                "mode: report-only\n");
    }

    @Test
    void lets_a_foreign_host_through_and_says_that_it_would_be_refused() throws Exception {
        byte[] hello = Hellos.naming("www.example.com");
        try (RawClient client = rig.client()) {
            assertThat(client.connect("www.example.com").answer().status()).isEqualTo(200);
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
        }
        JsonNode line = rig.audit()
                .await(l -> AuditLines.text(l, "target").equals("www.example.com:443")
                        && AuditLines.text(l, "event").equals("decision"));
        assertThat(AuditLines.text(line, "verdict")).isEqualTo("refused");
        assertThat(AuditLines.text(line, "reason")).isEqualTo("host_not_konnect");
        assertThat(line.path("enforced").asBoolean(true)).isFalse();
        assertThat(rig.audit().endOf(AuditLines.text(line, "id"))).isNotNull();
    }

    @Test
    void cuts_a_hello_for_another_host_all_the_same() throws Exception {
        int before = rig.origin().accepted();
        try (RawClient client = rig.client()) {
            assertThat(client.connect("sni.example.com").answer().status()).isEqualTo(200);
            client.say(Hellos.naming("www.example.com"));
            assertThat(client.rest()).containsExactly(21, 3, 3, 0, 2, 2, 112);
        }
        // It may accept what is closed already, and then not in the next test.
        Await.until("the upstream has accepted it", () -> rig.origin().accepted() > before);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:443, ip_literal",
        "[::1]:443, ip_literal",
        "www.example.com:80, port_not_allowed",
        "www_example.com:443, malformed_request",
        "inside.example.com:443, address_forbidden",
    })
    void refuses(String target, String reason) throws Exception {
        int upstreams = rig.origin().accepted();
        try (RawClient client = rig.client()) {
            Answer answer = client.say("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n")
                    .answer();
            assertThat(answer.reason()).isEqualTo(reason);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(rig.origin().accepted()).isEqualTo(upstreams);
    }
}
