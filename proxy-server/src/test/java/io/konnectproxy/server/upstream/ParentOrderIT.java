package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.SilentListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Which parent is tried when, and what becomes of one that is of no use. Both are on loopback and speak in clear. */
class ParentOrderIT {
    private static final String API = "us.api.konghq.com";

    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel");

    private final Parent first = new Parent();
    private final Parent second = new Parent();

    ParentOrderIT() throws IOException {}

    /** A parent that answers as the test says, and remembers what it was asked. */
    private static final class Parent implements AutoCloseable {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final Origin origin = Origin.plain(this::converse);
        /** What it answers to a target; nothing means that it closes. */
        private volatile Function<String, String> answer = target -> "200 OK";

        Parent() throws IOException {}

        private void converse(Socket proxy) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) proxy.getInputStream().read());
            }
            String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
            asked.add(target.substring(0, target.lastIndexOf(':')));
            String status = answer.apply(asked.get(asked.size() - 1));
            if (!status.isEmpty()) {
                proxy.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(US_ASCII));
                proxy.getInputStream().transferTo(proxy.getOutputStream());
            }
        }

        void says(String status) {
            answer = target -> status;
        }

        String url() {
            return "http://127.0.0.1:" + origin.port();
        }

        @Override
        public void close() throws IOException {
            origin.close();
        }
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    private static Rig rig(String parents, String... addresses) throws Exception {
        return new Rig(
                Origin.plain(client -> client.getInputStream().transferTo(client.getOutputStream())),
                StandInDns.start(
                        question -> StandInAnswer.of(addresses.length == 0 ? new String[] {"127.0.0.1"} : addresses)),
                "dns: {servers: [\"DNS\"]}\nparents: [" + parents + "]\n");
    }

    private Rig both(String... addresses) throws Exception {
        return rig("{url: \"" + first.url() + "\"}, {url: \"" + second.url() + "\"}", addresses);
    }

    private static int status(Rig rig) throws IOException {
        return status(rig, Rig.HOST);
    }

    private static int status(Rig rig, String host) throws IOException {
        try (RawClient client = rig.client()) {
            return client.connect(host).answer().status();
        }
    }

    private static JsonNode end(Rig rig) {
        return rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
    }

    @Test
    void the_first_one_is_tried_first_and_nothing_else() throws Exception {
        try (Rig rig = both()) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).containsExactly("127.0.0.1");
            assertThat(second.asked).isEmpty();
            assertThat(rig.origin().accepted()).isZero();
        }
    }

    @Test
    void a_parent_is_reached_at_the_last_of_many_addresses() throws Exception {
        String[] addresses = {
            "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14", "127.0.0.15", "127.0.0.16", "127.0.0.1"
        };
        try (Rig rig = rig("{url: \"http://parent.corp:" + first.origin.port() + "\"}", addresses)) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).hasSize(1);
        }
    }

    @Test
    void a_parent_behind_silent_addresses_is_reached_in_time_and_at_once_the_next_time() throws Exception {
        try (SilentListener one = new SilentListener("127.77.0.11", first.origin.port());
                SilentListener two = new SilentListener("127.77.0.12", first.origin.port());
                SilentListener three = new SilentListener("127.77.0.13", first.origin.port());
                Rig rig = rig(
                        "{url: \"http://parent.corp:" + first.origin.port() + "\"}",
                        "127.77.0.11",
                        "127.77.0.12",
                        "127.77.0.13",
                        "127.0.0.1")) {
            one.fill();
            two.fill();
            three.fill();
            assertThat(status(rig)).isEqualTo(200);
            long begun = System.nanoTime();
            assertThat(status(rig)).isEqualTo(200);
            // One of them alone would take a second.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(900));
        }
    }

    @Test
    void a_refusal_lets_the_next_one_try_and_is_forgotten() throws Exception {
        first.says("403 Forbidden");
        try (Rig rig = both()) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).hasSize(2);
            assertThat(second.asked).hasSize(2);
            JsonNode end = end(rig);
            assertThat(AuditLines.text(end.path("upstream"), "via")).isEqualTo(second.url());
            assertThat(end.path("upstream").has("status")).isFalse();
            assertThat(AuditLines.text(end, "hint"))
                    .isEqualTo("The parent proxy " + first.url() + " answered with status 403.");
        }
    }

    @Test
    void one_that_could_not_be_reached_goes_behind_the_others_and_says_so_once() throws Exception {
        first.says("");
        try (Rig rig = both()) {
            for (int i = 0; i < 3; i++) {
                assertThat(status(rig)).isEqualTo(200);
            }
            assertThat(first.asked).hasSize(1);
            assertThat(second.asked).hasSize(3);
            second.says("");
            first.says("200 OK");
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).as("the last resort, and good again").hasSize(2);
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).hasSize(3);
        }
        assertThat(log.said())
                .filteredOn(said -> said.contains("parent proxy"))
                .containsExactly(
                        "The parent proxy " + first.url()
                                + " closed the connection without an answer. Other parents, if there are any, are tried before"
                                + " it for 30 s",
                        "The parent proxy " + second.url()
                                + " closed the connection without an answer. Other parents, if there are any, are tried before"
                                + " it for 30 s",
                        "The parent proxy " + first.url() + " answers again");
    }

    @Test
    void where_none_is_of_use_the_last_one_counts_and_nothing_is_dialled_directly() throws Exception {
        first.says("403 Forbidden");
        second.says("");
        try (Rig rig = both();
                RawClient client = rig.client()) {
            RawClient.Answer answer = client.connect(Rig.HOST).answer();
            assertThat(answer.reason()).isEqualTo("connect_failed");
            assertThat(answer.body()).contains("Check the way from this proxy to its parent proxy");
            assertThat(AuditLines.text(end(rig), "hint"))
                    .isEqualTo("The parent proxy " + first.url() + " answered with status 403. The parent proxy "
                            + second.url() + " closed the connection without an answer.");
            assertThat(rig.origin().accepted()).isZero();
        }
    }

    /** How a parent ends a connection before its TLS handshake is done, told by what it reads first. */
    private interface End {
        void of(Socket connection) throws IOException;
    }

    static Stream<Arguments> ends() {
        byte[] halfARecord = {22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3};
        return Stream.of(
                arguments("at once", (End) connection -> {}),
                arguments("behind the hello", (End)
                        connection -> connection.getInputStream().read(new byte[4096])),
                arguments("with a FIN alone", (End) connection -> {
                    connection.getInputStream().read(new byte[4096]);
                    connection.shutdownOutput();
                    connection.getInputStream().readAllBytes();
                }),
                arguments("with a reset", (End) connection -> {
                    connection.getInputStream().read(new byte[4096]);
                    connection.setSoLinger(true, 0);
                }),
                arguments("in the middle of a record", (End) connection -> {
                    connection.getInputStream().read(new byte[4096]);
                    connection.getOutputStream().write(halfARecord);
                }),
                arguments("with a reset there", (End) connection -> {
                    connection.getInputStream().read(new byte[4096]);
                    connection.getOutputStream().write(halfARecord);
                    connection.setSoLinger(true, 0);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void a_parent_that_ends_in_the_handshake_is_followed_by_the_next_at_once(String name, End end) throws Exception {
        try (Origin ending = Origin.plain(end::of);
                Rig rig = new Rig(
                        Origin.plain(client -> {}),
                        StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                        "timeouts: {connect: 40s}\nparents: [{url: \"https://127.0.0.1:" + ending.port()
                                + "\"}, {url: \"" + second.url() + "\"}]\n")) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(second.asked).hasSize(1);
            JsonNode line = end(rig);
            assertThat(AuditLines.text(line, "hint"))
                    .isEqualTo("The parent proxy https://127.0.0.1:" + ending.port()
                            + " closed the connection during the TLS handshake.");
            assertThat(line.path("connect_ms").asInt())
                    .as("the first one's share of the time is 20 s")
                    .isLessThan(10_000);
        }
    }

    static Stream<Arguments> purposes() {
        return Stream.of(
                arguments("purposes: [data-plane]", Rig.HOST, 1, 0),
                arguments("purposes: [data-plane]", API, 0, 1),
                arguments("purposes: [data-plane]", "mirror.example", 0, 1),
                arguments("purposes: [data-plane, api]", API, 1, 0),
                arguments("dns: local", "mirror.example", 1, 0));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("purposes")
    void a_parent_is_for_the_hosts_of_its_purposes(String purposes, String host, int through, int direct)
            throws Exception {
        try (Rig rig = new Rig(
                Origin.plain(client -> client.getInputStream().transferTo(client.getOutputStream())),
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                "dns: {servers: [\"DNS\"]}\nextra-hosts: [{name: mirror, host: mirror.example}]\nparents: [{url: \""
                        + first.url() + "\", " + purposes + "}]\n")) {
            assertThat(status(rig, host)).isEqualTo(200);
            assertThat(first.asked).hasSize(through);
            Await.value(rig.origin()::accepted, direct);
        }
    }

    @Test
    void a_parent_that_cannot_reach_one_address_is_asked_for_the_next() throws Exception {
        first.answer = target -> target.equals("127.77.1.1") ? "503 Unavailable" : "200 OK";
        try (Rig rig = both("127.77.1.1", "127.77.1.2")) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).containsExactly("127.77.1.1", "127.77.1.2");
            assertThat(second.asked).isEmpty();
        }
    }

    @Test
    void a_parent_that_permits_no_address_is_not_asked_for_another_one() throws Exception {
        first.says("403 Forbidden");
        try (Rig rig = both("127.77.1.1", "127.77.1.2")) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(first.asked).containsExactly("127.77.1.1");
            assertThat(second.asked).containsExactly("127.77.1.1");
        }
    }

    @Test
    void a_parent_is_tried_at_its_next_address() throws Exception {
        try (Rig rig = rig(
                "{url: \"" + first.url().replace("127.0.0.1", "proxy.example") + "\"}", "127.77.1.3", "127.0.0.1")) {
            assertThat(status(rig)).isEqualTo(200);
            assertThat(AuditLines.text(end(rig).path("upstream"), "address")).isEqualTo("127.0.0.1");
        }
    }

    /** Its first address takes connections and says nothing: the time is for the other one as well. */
    @Test
    void a_parent_that_is_silent_at_one_address_is_tried_at_the_next_in_time() throws Exception {
        int port = Integer.parseInt(first.url().replaceFirst(".*:", ""));
        try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getByName("127.77.1.3"));
                Rig rig = rig("{url: \"http://proxy.example:" + port + "\"}", "127.77.1.3", "127.0.0.1")) {
            assertThat(status(rig)).isEqualTo(200);
            JsonNode end = end(rig);
            assertThat(AuditLines.text(end.path("upstream"), "address")).isEqualTo("127.0.0.1");
            assertThat(AuditLines.text(end, "hint")).endsWith("did not answer in time.");
            assertThat(end.path("connect_ms").asInt())
                    .as("half of timeouts.connect")
                    .isLessThan(3900);
            assertThat(silent.isBound()).isTrue();
        }
    }

    /** A status and an address belong to the attempt that counts, and to no other one. */
    @Test
    void what_one_parent_said_is_not_taken_for_the_end_of_another_one() throws Exception {
        first.says("403 Forbidden");
        try (Rig rig = new Rig(
                Origin.plain(client -> {}),
                StandInDns.start(question -> question.name().equals("proxy.example")
                        ? StandInAnswer.noSuchName()
                        : StandInAnswer.of("127.0.0.1")),
                "dns: {servers: [\"DNS\"]}\nparents: [{url: \"" + first.url()
                        + "\"}, {url: \"http://proxy.example:3128\"}]\n")) {
            assertThat(status(rig)).isEqualTo(502);
            JsonNode end = end(rig);
            assertThat(AuditLines.text(end, "outcome")).isEqualTo("connect_failed");
            assertThat(end.path("upstream").isNull()).as(end.toString()).isTrue();
        }
    }

    @Test
    void what_the_name_of_a_konnect_host_leads_to_is_checked_before_a_parent_is_asked() throws Exception {
        try (Rig rig = both("10.1.2.3");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("address_forbidden");
            assertThat(first.asked).isEmpty();
        }
    }

    static Stream<Arguments> places() {
        return Stream.of(
                arguments("169.254.169.254", "has the address 169.254.169.254: instance metadata of most clouds"),
                arguments("127.0.0.1", "has the address 127.0.0.1: a listener of this proxy (port LISTENER)."));
    }

    /** The configuration sees an address that is written there; what a name leads to shows only when it is dialled. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void a_parent_whose_name_leads_to_a_place_where_no_proxy_is_is_not_dialled(String address, String hint)
            throws Exception {
        int listener = FreePort.number();
        try (Rig rig = new Rig(
                        Origin.plain(client -> {}),
                        StandInDns.start(question ->
                                StandInAnswer.of(question.name().equals("proxy.example") ? address : "127.0.0.1")),
                        "listen: [{address: \"127.0.0.1:" + listener + "\"}]\nparents: [{url: \"http://proxy.example:"
                                + listener + "\"}]\n");
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("connect_failed");
            assertThat(AuditLines.text(end(rig), "hint"))
                    .startsWith("The parent proxy http://proxy.example:" + listener
                            + " has no address that can be dialled. The name ")
                    .contains(hint.replace("LISTENER", String.valueOf(listener)));
            assertThat(rig.audit().decisions()).as("nothing came back").hasSize(1);
        }
    }
}
