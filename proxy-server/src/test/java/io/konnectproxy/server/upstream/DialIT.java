package io.konnectproxy.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.DnsAnswers;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Permitted names that lead nowhere or where they must not, answered by a real name server. */
class DialIT {
    /** What the name server says of the test's host; everything else is at 127.0.0.1. */
    private static final Map<String, StandInAnswer> ANSWERS = new ConcurrentHashMap<>();

    @AutoClose
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = rigWaitingForNames("2s");
    }

    private static Rig rigWaitingForNames(String time) throws Exception {
        return new Rig(
                Origin.tls(Rig.CA, Rig.HOST),
                StandInDns.start(question -> ANSWERS.getOrDefault(question.name(), StandInAnswer.of("127.0.0.1"))),
                """
                dns: {servers: ["DNS"], timeout: %s}
                timeouts: {connect: 4s}
                permit-addresses: [127.0.0.0/29]
                """.formatted(time));
    }

    static Stream<Arguments> failures() {
        List<Arguments> rows = new ArrayList<>(List.of(
                arguments("a name that does not exist", 502, "dns_not_found", StandInAnswer.noSuchName()),
                arguments("a name without addresses", 502, "dns_not_found", DnsAnswers.empty()),
                arguments("a name server in trouble", 502, "dns_failed", DnsAnswers.serverFailure()),
                arguments("a name server that refuses", 502, "dns_failed", DnsAnswers.refused()),
                arguments("a name server that is silent", 504, "dns_timeout", StandInAnswer.silence()),
                arguments("an upstream that refuses", 502, "connect_refused", StandInAnswer.of("127.0.0.2")),
                arguments(
                        "two upstreams that refuse",
                        502,
                        "connect_refused",
                        StandInAnswer.of("127.0.0.2", "127.0.0.3")),
                arguments(
                        "one forbidden address among good ones",
                        502,
                        "address_forbidden",
                        StandInAnswer.of("127.0.0.1", "10.0.0.1"))));
        for (String address : List.of(
                "127.0.0.99",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.1.1",
                "100.64.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "198.18.0.1",
                "240.0.0.1",
                "169.254.169.254",
                "169.254.170.2",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "::ffff:a00:1",
                "::a00:1",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "fd00:ec2::254",
                "ff02::1",
                "2001:db8::1",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "2002:a00:1::1",
                "2001:0:a00:1::1",
                "fe80::5efe:a00:1")) {
            rows.add(arguments("the address " + address, 502, "address_forbidden", StandInAnswer.of(address)));
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void fails(String name, int status, String token, StandInAnswer dnsAnswer) throws Exception {
        String host = "t" + System.nanoTime() + ".us.cp0.konghq.com";
        ANSWERS.put(host, dnsAnswer);
        int upstreams = rig.origin().accepted();
        Answer answer;
        try (RawClient client = rig.client()) {
            answer = client.connect(host).answer();
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.reason()).isEqualTo(token);
        String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
        assertThat(AuditLines.text(rig.audit().decisionOf(id), "verdict")).isEqualTo("permitted");
        JsonNode end = rig.audit().endOf(id);
        assertThat(AuditLines.text(end, "outcome")).isEqualTo(token);
        assertThat(end.path("bytes_up").asLong() + end.path("bytes_down").asLong())
                .isZero();
        assertThat(rig.audit().tunnelEnds().stream()
                        .filter(line -> AuditLines.text(line, "id").equals(id)))
                .hasSize(1);
        assertThat(rig.origin().accepted()).isEqualTo(upstreams);
        assertThat(rig.served()).isEqualTo("served");
    }

    @Test
    void tries_the_next_address_when_the_first_is_dead() throws Exception {
        ANSWERS.put(Rig.HOST, StandInAnswer.of("127.0.0.4", "127.0.0.5", "127.0.0.1"));
        try {
            for (int i = 0; i < 4; i++) {
                assertThat(rig.served()).isEqualTo("served");
            }
        } finally {
            ANSWERS.remove(Rig.HOST);
        }
    }

    /** 200 names whose server is silent, asked first; a tunnel that is asked for last is open before any of them fails. */
    @Test
    void a_dead_name_server_delays_nobody_but_who_asked_for_its_names() throws Exception {
        List<RawClient> stuck = new ArrayList<>();
        // Enough time to connect so many and to serve one, on a machine with other work too.
        try (Rig patient = rigWaitingForNames("3s")) {
            for (int i = 0; i < 200; i++) {
                String host = "dead" + i + ".us.cp0.konghq.com";
                ANSWERS.put(host, StandInAnswer.silence());
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
                socket.connect(patient.address());
                stuck.add(new RawClient(socket).connect(host));
            }
            assertThat(patient.served()).isEqualTo("served");
            for (RawClient client : stuck) {
                assertThat(client.answer().reason()).isEqualTo("dns_timeout");
            }
            List<JsonNode> ends = patient.audit().tunnelEnds();
            int firstDead = indexOf(ends, "dead");
            int served = lastIndexOf(ends, Rig.HOST);
            assertThat(served).isLessThan(firstDead);
        } finally {
            for (RawClient client : stuck) {
                client.close();
            }
        }
    }

    private static int indexOf(List<JsonNode> ends, String prefix) {
        for (int i = 0; i < ends.size(); i++) {
            if (AuditLines.text(ends.get(i), "target").startsWith(prefix)) {
                return i;
            }
        }
        return -1;
    }

    private static int lastIndexOf(List<JsonNode> ends, String prefix) {
        for (int i = ends.size() - 1; i >= 0; i--) {
            if (AuditLines.text(ends.get(i), "target").startsWith(prefix)) {
                return i;
            }
        }
        return -1;
    }
}
