package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.konnectproxy.server.command.DoctorRig.Ended;
import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.tls.HostileChain;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.SubjectNames;
import io.konnectproxy.server.tls.ThrowawayCa;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.Pipe;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.StandInS3;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault on the way to Konnect, staged on loopback, and the step that says so. */
@Timeout(60)
class DoctorCommandIT {
    private static final String API = DoctorRig.API;
    private static Origin konnect;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        konnect = DoctorRig.konnect(Rig.CA, API, Rig.HOST);
    }

    @AfterAll
    static void stop() throws IOException {
        konnect.close();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void an_open_way_has_nothing_but_a_proxy_that_does_not_run() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.run();
            assertThat(ended.troubles()).as(ended.out()).isEmpty();
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.came("tls")).contains("of the public authority").contains("valid until");
            assertThat(ended.came("clock")).startsWith("This machine's clock is right");
            assertThat(ended.came("proxy")).startsWith("not running: Nothing listens on 127.0.0.1:");
            assertThat(ended.next("proxy")).contains("konnect-proxy run");
            assertThat(files()).as("nothing is made").containsExactly(directory.resolve("konnect-proxy.yaml"));
        }
    }

    @Test
    void text_has_eighty_columns_and_ends_with_what_to_do_first() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, FreePort.number())) {
            Ended ended = rig.print();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err()).isEmpty();
            assertThat(ended.out().lines().filter(line -> !line.contains(directory.toString())))
                    .allMatch(line -> line.length() <= 80);
            List<String> sum =
                    ended.out().lines().dropWhile(line -> !line.isEmpty()).toList();
            assertThat(sum.get(1)).matches("1 failure, 2 warnings, \\d+ ok. Do first:");
            assertThat(sum.get(2)).isEqualTo("FAIL  tcp " + API);
        }
    }

    @ParameterizedTest(name = "trusted here: {0}")
    @CsvSource({"false, for whom no public authority vouches", "true, this machine trusts"})
    void interception_is_named_with_its_issuer_whatever_this_machine_trusts(boolean trusted, String said)
            throws Exception {
        ThrowawayCa corporate = new ThrowawayCa();
        try (Origin interceptor = DoctorRig.konnect(corporate, API);
                DoctorRig rig = new DoctorRig(directory, interceptor.port())) {
            Ended ended = (trusted ? rig.trusting(corporate.certificate()) : rig).run();
            assertThat(ended.troubles()).containsExactly("tls", "clock");
            assertThat(ended.result("tls")).isEqualTo("fail");
            assertThat(ended.came("tls"))
                    .startsWith("TLS is intercepted: the certificate was issued by 'konnect-proxy")
                    .contains(said);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "\u001b[2J\u001b[31m\u009b\u0007 ring\u0000",
                "\u202egro.live\u2066 right to left",
                "\r\nok    tls us.api.konghq.com\n      came   All is well.",
                "\"}],\"ok\":1,\"steps\":[{\"",
                "Amazon', valid until 2027-01-01T00:00:00Z. All is well",
                "LONG"
            })
    void names_in_the_certificate_of_an_interceptor_hide_nothing_and_reach_no_terminal(String name) throws Exception {
        String hostile = name.equals("LONG") ? "\u05d0".repeat(5_000) : name;
        String ascii = name.equals("LONG") ? "a ".repeat(5_000) : name.replaceAll("[^\\p{ASCII}]", "?");
        for (List<String> names : List.of(List.of(API, ascii), List.of(ascii))) {
            try (Origin interceptor = Origin.secured(
                            HostileChain.of(hostile, names.toArray(new String[0]))
                                    .serverContext(),
                            client -> client.getInputStream().read());
                    DoctorRig rig = new DoctorRig(directory, interceptor.port())) {
                Ended ended = rig.run();
                assertThat(ended.result("tls")).isEqualTo("fail");
                assertThat(ended.came("tls"))
                        .contains(
                                names.contains(API)
                                        ? "for whom no public authority vouches"
                                        : "Something else answers in Konnect's place")
                        .matches("[ -~]+");
                Ended printed = rig.print();
                assertThat(printed.out()).matches("[\n -~]+").doesNotContain("\nok    tls");
                assertThat(printed.err()).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "{0} deep")
    @ValueSource(ints = {1, 3_000})
    void an_issuer_that_is_no_text_is_an_interceptor_too(int depth) throws Exception {
        try (Origin interceptor = Origin.secured(
                        HostileChain.nested(depth, API).serverContext(),
                        client -> client.getInputStream().read());
                DoctorRig rig = new DoctorRig(directory, interceptor.port())) {
            Ended ended = rig.run();
            assertThat(ended.result("tls")).isEqualTo("fail");
            assertThat(ended.out()).doesNotContain("Internal error");
        }
    }

    @Test
    void a_captive_portal_without_tls_is_told_with_its_redirect_which_is_escaped() throws Exception {
        byte[] redirect = ("HTTP/1.1 302 Found\r\nLocation: http://portal.hotel/\u001b[2J\u009blogin"
                        + "\u009b".repeat(180) + "\r\n\r\n")
                .getBytes(ISO_8859_1);
        try (Origin portal = Origin.plain(client -> {
                    client.setSoTimeout(5_000);
                    client.getInputStream().read(new byte[4096]);
                    client.getOutputStream().write(redirect);
                });
                DoctorRig rig = new DoctorRig(directory, portal.port())) {
            Ended ended = rig.run();
            assertThat(ended.came("tls"))
                    .contains("with status 302, which leads to http://portal.hotel/\\u001b[2J\\u009blogin")
                    .contains("captive portal");
            assertThat(rig.print().out()).doesNotContain("\u001b").doesNotContain("\u009b");
        }
    }

    @Test
    void tls_for_another_name_is_something_in_konnects_place() throws Exception {
        try (Origin other = DoctorRig.konnect(Rig.CA, "portal.hotel");
                DoctorRig rig = new DoctorRig(directory, other.port())) {
            assertThat(rig.run().came("tls"))
                    .startsWith("The certificate is for portal.hotel and not for " + API)
                    .contains("Something else answers in Konnect's place");
        }
    }

    @Test
    void a_connection_that_is_cut_at_the_hello_is_no_way() throws Exception {
        try (Origin filter = Origin.plain(Socket::close);
                DoctorRig rig = new DoctorRig(directory, filter.port())) {
            Ended ended = rig.run();
            assertThat(ended.result("tcp")).isEqualTo("ok");
            assertThat(ended.came("tls")).startsWith("The handshake was cut off before a certificate came");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"it is silent", "it drips"})
    void a_server_that_takes_for_ever_is_given_up(String how) throws Exception {
        try (Origin slow = Origin.plain(client -> {
                    int record = 22;
                    while (!Thread.currentThread().isInterrupted()
                            && client.getInputStream().available() >= 0) {
                        if (how.equals("it drips")) {
                            // The header of a record of 16 KiB, and then a byte of it every 100 ms.
                            client.getOutputStream().write(record);
                            record = record == 22 ? 3 : record == 3 ? 1 : 0x40;
                        }
                        LockSupport.parkNanos(100_000_000);
                    }
                });
                DoctorRig rig = new DoctorRig(directory, slow.port()).impatient()) {
            long began = System.nanoTime();
            Ended ended = rig.run();
            assertThat(ended.result("tls")).isEqualTo("fail");
            assertThat(ended.came("tls")).isEqualTo("No whole answer to the ClientHello within 1 s.");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Konnect, a mirror and ten listeners take connections and say nothing; what is at the admin port says that it is ready. */
    @Test
    void where_everything_is_silent_it_ends_all_the_same() throws Exception {
        List<ServerSocket> silent = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            silent.add(new ServerSocket(0));
        }
        String listeners = silent.stream()
                .skip(2)
                .map(each -> "{address: \"127.0.0.1:" + each.getLocalPort() + "\"}")
                .collect(Collectors.joining(", "));
        try (DoctorRig rig = new DoctorRig(directory, silent.get(0).getLocalPort()).impatient()) {
            HttpServer ready =
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.adminPort()), 1);
            ready.createContext("/readyz", request -> request.sendResponseHeaders(200, -1));
            ready.start();
            long began = System.nanoTime();
            Ended ended = rig.with("listen: [" + listeners + "]")
                    .withAudit("mirrors: [{url: \"syslog+tls://127.0.0.1:"
                            + silent.get(1).getLocalPort() + "\"}]")
                    .run();
            ready.stop(0);
            assertThat(ended.json().path("steps").valueStream())
                    .filteredOn(
                            each -> each.path("came").asString().equals("No answer within 1 s, as long as Kong waits."))
                    .extracting(each -> each.path("subject").asString())
                    .hasSize(10)
                    .doesNotHaveDuplicates();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        } finally {
            for (ServerSocket each : silent) {
                each.close();
            }
        }
    }

    @Test
    void a_parent_of_many_addresses_that_are_all_silent_is_given_up() throws Exception {
        String[] addresses =
                IntStream.rangeClosed(1, 32).mapToObj(i -> "127.0.0." + i).toArray(String[]::new);
        try (ServerSocket parent = new ServerSocket(0);
                DoctorRig rig =
                        new DoctorRig(directory, konnect.port(), question -> DoctorRig.known(question, addresses))) {
            long began = System.nanoTime();
            Ended ended = rig.impatient()
                    .withoutAddresses()
                    .with("parents: [{url: \"http://parent.corp:" + parent.getLocalPort() + "\", dns: parent}]")
                    .run();
            assertThat(ended.result("parent")).isEqualTo("fail");
            assertThat(ended.came("parent")).contains("did not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest(name = "{0} s ahead: {1}")
    @CsvSource({
        "0, ok, is right",
        "100, warn, '(9[0-9]|10[01]) s ahead'",
        "-200, warn, 3 minutes behind",
        "7200, fail, 120 minutes ahead",
        "-315400000, fail, 3650 days behind",
        "315360000, fail, 3650 days ahead"
    })
    void a_clock_that_is_off_is_measured(long seconds, String result, String said) throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).withClockAhead(Duration.ofSeconds(seconds))) {
            Ended ended = rig.run();
            assertThat(ended.result("clock")).isEqualTo(result);
            // The answer took a moment, and its field has whole seconds.
            assertThat(ended.came("clock")).containsPattern(said);
            String tls = Math.abs(seconds) < 86_400 ? "ok" : "fail";
            assertThat(ended.result("tls")).as(ended.came("tls")).isEqualTo(tls);
        }
    }

    @Test
    void an_ipv6_address_that_leads_nowhere_is_a_warning() throws Exception {
        try (DoctorRig rig =
                new DoctorRig(directory, konnect.port(), question -> DoctorRig.known(question, "127.0.0.1", "::1"))) {
            Ended ended = rig.run();
            assertThat(ended.troubles()).containsExactly("tcp");
            assertThat(ended.came("tcp")).contains("IPv6 leads nowhere from here, and IPv4 works");
            assertThat(ended.next("tcp")).contains("dns.family");
        }
    }

    @Test
    void a_private_address_for_a_konnect_name_is_forbidden_and_not_dialled() throws Exception {
        try (DoctorRig rig =
                new DoctorRig(directory, konnect.port(), question -> DoctorRig.known(question, "10.1.2.3"))) {
            Ended ended = rig.run();
            assertThat(ended.result("dns")).isEqualTo("ok");
            assertThat(ended.result("addresses")).isEqualTo("fail");
            assertThat(ended.came("addresses")).contains("10.1.2.3").contains("the resolver lies or rewrites");
            assertThat(ended.troubles()).doesNotContain("tcp", "tls");
        }
    }

    @Test
    void an_address_for_a_name_that_cannot_exist_is_rewriting() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port(), question -> StandInAnswer.of("127.0.0.1"))) {
            Ended ended = rig.run();
            assertThat(ended.result("resolvers")).isEqualTo("fail");
            assertThat(ended.came("resolvers"))
                    .contains("for a name that cannot exist: it rewrites answers")
                    .contains("127.0.0.1");
        }
    }

    @Test
    void a_silent_resolver_is_no_way() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port(), question -> StandInAnswer.silence())) {
            Ended ended = rig.run();
            assertThat(ended.result("resolvers")).isEqualTo("fail");
            assertThat(ended.came("dns")).isEqualTo("No resolver answered within dns.timeout.");
            assertThat(ended.next("dns")).contains("port 53");
        }
    }

    @Test
    void a_name_that_everybody_has_and_this_resolver_has_not() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port(), question -> StandInAnswer.noSuchName())) {
            Ended ended = rig.run();
            assertThat(ended.came("dns")).isEqualTo("The resolver says that the name does not exist.");
            assertThat(ended.next("dns")).startsWith("This name exists for everybody");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"no such name, that there is no such name", "a private address, 10.1.2.3"})
    void resolvers_that_differ_are_a_warning(String other, String said) throws Exception {
        try (StandInDns second = StandInDns.start(question -> other.equals("no such name")
                        ? StandInAnswer.noSuchName()
                        : DoctorRig.known(question, "10.1.2.3"));
                DoctorRig rig =
                        new DoctorRig(directory, konnect.port(), question -> DoctorRig.known(question, "9.9.9.9"))) {
            String both = rig.dns() + ", \"" + NetUtil.toSocketAddressString(second.address()) + "\"";
            // The address is refused here, so nothing is dialled.
            Ended ended = rig.withNames(both).with("source-address: 127.0.0.1").run();
            assertThat(ended.result("resolvers")).isEqualTo("warn");
            assertThat(ended.came("resolvers"))
                    .startsWith("The resolvers differ: ")
                    .contains(said);
        }
    }

    @Test
    void a_port_that_is_refused_is_told_from_silence() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, FreePort.number())) {
            Ended ended = rig.run();
            assertThat(ended.result("tcp")).isEqualTo("fail");
            assertThat(ended.came("tcp"))
                    .isEqualTo(
                            "127.0.0.1 is refused. A firewall rejects the connection, or nothing" + " listens there.");
        }
    }

    @Test
    void a_pinned_control_plane_needs_only_some_of_its_names() throws Exception {
        try (DoctorRig rig = new DoctorRig(
                directory,
                konnect.port(),
                question -> question.name().equals(Rig.HOST)
                        ? StandInAnswer.of("127.0.0.1")
                        : StandInAnswer.noSuchName())) {
            Ended ended = rig.with("control-planes: [0646a7d680]\npurposes: [data-plane]")
                    .run();
            assertThat(ended.troubles()).as(ended.out()).isEmpty();
            assertThat(ended.out()).contains("The control plane has others");
        }
    }

    @Test
    void a_pinned_control_plane_without_any_name_is_no_way() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port(), question -> StandInAnswer.noSuchName())) {
            Ended ended = rig.with("control-planes: [0646a7d680]\npurposes: [data-plane]")
                    .run();
            assertThat(ended.result("dns")).isEqualTo("fail");
            assertThat(ended.step("dns").path("subject").asString()).isEqualTo(Rig.HOST + " and 3 more");
        }
    }

    @Test
    void a_listener_whose_intermediate_is_missing_is_a_warning() throws Exception {
        PrivateCa ca = PrivateCa.create(Instant.now(), Duration.ofDays(365));
        IssuedCertificate server =
                ca.server(SubjectNames.parse(List.of("proxy.corp")), Instant.now(), Duration.ofDays(90));
        Path certificate = Files.writeString(
                directory.resolve("tls.crt"),
                server.certificatePem().substring(0, server.certificatePem().indexOf("-----END") + 25) + "\n");
        Path key = Files.writeString(directory.resolve("tls.key"), server.keyPem());
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.with("listen: [{address: \"127.0.0.1:0\", tls: {certificate: \"" + certificate
                            + "\", key: \"" + key + "\"}}]")
                    .run();
            assertThat(ended.result("certificate")).isEqualTo("warn");
            assertThat(ended.came("certificate")).contains("whose own is not in it");
            Files.writeString(directory.resolve("ca.crt"), ca.own().certificatePem());
            assertThat(rig.run().result("certificate")).isEqualTo("ok");
        }
    }

    @Test
    void limits_beyond_this_process_are_a_warning() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with("limits: {tunnels: 1000000}")) {
            Ended ended = rig.run();
            assertThat(ended.result("capacity")).isEqualTo("warn");
            assertThat(ended.came("capacity")).startsWith("limits.tunnels is 1000000, but ");
            assertThat(ended.next("capacity")).contains("lower limits.tunnels");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        HTTP/1.1 407 Proxy Authentication Required | it demands credentials         | parents[].credentials-file
        HTTP/1.1 403 Forbidden                     | answered with status 403       | to permit CONNECT to port 443
        SSH-2.0-OpenSSH                            | did not answer as HTTP demands | Check the parent's url
        """)
    void a_parent_that_opens_no_tunnel_says_why(String reply, String came, String next) throws Exception {
        try (Origin parent = parent(reply);
                DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.with("parents: [{url: \"http://127.0.0.1:" + parent.port() + "\"}]")
                    .run();
            assertThat(ended.result("parent")).isEqualTo("fail");
            assertThat(ended.came("parent")).contains(came);
            assertThat(ended.next("parent")).contains(next);
            assertThat(ended.troubles()).doesNotContain("tcp", "tls");
        }
    }

    @Test
    void the_credentials_of_a_parent_are_sent_to_it_and_shown_to_nobody() throws Exception {
        AtomicReference<String> sent = new AtomicReference<>("");
        try (Origin parent = Origin.plain(client -> {
                    byte[] request = new byte[4096];
                    int length = client.getInputStream().read(request);
                    sent.set(new String(request, 0, length, US_ASCII));
                    client.getOutputStream().write("HTTP/1.1 407 No\r\n\r\n".getBytes(US_ASCII));
                });
                DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            String parents = "parents: [{url: \"http://dp:s3cret@127.0.0.1:" + parent.port() + "\"}]";
            Ended ended = rig.with(parents).run();
            assertThat(sent.get())
                    .contains("Proxy-Authorization: Basic ZHA6czNjcmV0\r\n")
                    .contains("\r\nVia: 1.1 konnect-proxy-");
            assertThat(ended.came("parent")).contains("does not accept the credentials");
            assertThat(ended.out()).doesNotContain("s3cret").doesNotContain("ZHA6czNjcmV0");
        }
    }

    @Test
    void a_parent_that_is_down_is_a_warning_where_another_opens_the_tunnel() throws Exception {
        try (Origin parent = parent("HTTP/1.1 200 Connection established");
                DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            String working = "{url: \"http://127.0.0.1:" + parent.port() + "\", dns: parent}";
            String down = "{url: \"http://127.0.0.1:" + FreePort.number() + "\", dns: parent}";
            Ended ended = rig.withoutAddresses()
                    .with("parents: [" + down + ", " + working + "]")
                    .run();
            // That addresses are not checked then is a warning of the configuration.
            assertThat(ended.troubles()).containsExactly("configuration", "parent");
            assertThat(ended.out()).contains("refused the connection. Another parent has opened a tunnel");
            assertThat(ended.step("tls").path("asked").asString()).contains("through the parent http://127.0.0.1:");
            assertThat(ended.out()).doesNotContain("\"resolvers\"");
        }
    }

    /** Answers the first request; with a 200 it leads to Konnect. */
    private static Origin parent(String reply) throws IOException {
        return Origin.plain(client -> {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            client.getOutputStream().write((reply + "\r\n\r\n").getBytes(US_ASCII));
            if (reply.contains(" 200 ")) {
                Pipe.to(konnect.port()).with(client);
            }
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        true  | retain-for: 400d, region: eu-west-1 | ok   | The bucket answers in region eu-west-1, and has Object Lock. Nothing was written: whether objects may be put, and are locked then, shows with the first one.
        false | retain-for: 400d, region: eu-west-1 | fail | The bucket answers in region eu-west-1, and has no Object Lock, which audit.archive.retain-for asks for: every object will be refused.
        false | region: eu-west-1                   | ok   | The bucket answers in region eu-west-1. Nothing was written: whether objects may be put shows with the first one.
        true  | region: us-east-2                   | fail | The archive cannot be used: bucket trails is in region eu-west-1, not in us-east-2; set the region to eu-west-1.
        """)
    void the_bucket_of_an_archive_is_looked_at_and_nothing_is_written(
            boolean locks, String settings, String result, String came) throws Exception {
        try (StandInS3 s3 = StandInS3.start();
                Origin konnect = DoctorRig.konnect(Rig.CA, DoctorRig.API);
                DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            s3.locks = locks;
            s3.region = "eu-west-1";
            Ended ended = rig.withAudit("archive: {url: \"s3://trails/fleet\", endpoint: \"" + s3.endpoint() + "\", "
                            + settings + "}")
                    .run();
            assertThat(ended.came("archive")).isEqualTo(came);
            assertThat(ended.result("archive")).isEqualTo(result);
            assertThat(ended.step("archive").path("subject").asString())
                    .isEqualTo("s3://trails/fleet at " + s3.endpoint());
            assertThat(s3.requests).noneMatch(request -> request.startsWith("PUT"));
        }
    }

    @Test
    void a_mirror_that_cannot_be_reached_is_named() throws Exception {
        int port = FreePort.number();
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.withAudit("mirrors: [{url: \"syslog+tcp://127.0.0.1:" + port + "\"}]")
                    .run();
            assertThat(ended.result("mirror")).isEqualTo("fail");
            assertThat(ended.step("mirror").path("subject").asString()).isEqualTo("syslog+tcp://127.0.0.1:" + port);
            assertThat(ended.came("mirror")).isEqualTo("It cannot be reached: the connection is refused.");
        }
    }

    @Test
    void a_mirror_whose_certificate_is_not_accepted_is_told_apart() throws Exception {
        Path trust = Files.writeString(directory.resolve("trust.pem"), Pem.of(new ThrowawayCa().certificate()));
        try (Origin mirror = DoctorRig.konnect(Rig.CA, "127.0.0.1");
                DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            String url = "syslog+tls://127.0.0.1:" + mirror.port();
            assertThat(rig.withAudit("mirrors: [{url: \"" + url + "\", trust: \"" + trust + "\"}]")
                            .run()
                            .came("mirror"))
                    .contains("its certificate is not accepted");
        }
    }

    @Test
    void an_audit_file_that_can_never_be_is_no_way() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.withAudit("file: \"" + file.resolve("audit.jsonl") + "\"")
                    .run();
            assertThat(ended.result("audit")).isEqualTo("fail");
            assertThat(ended.came("audit")).endsWith("is a file, and a directory is needed.");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"httpbin.konghq.com", "eu.api.konghq.com", "127.0.0.1", "https://eu.api.konghq.com/v2"})
    void a_host_that_the_policy_refuses_is_refused_with_explains_sentence(String host) throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            int before = konnect.accepted();
            Ended ended = rig.run(host);
            assertThat(ended.result("policy")).isEqualTo("fail");
            StringWriter explained = new StringWriter();
            KonnectProxyCommand.execute(
                    new PrintWriter(explained),
                    new PrintWriter(new StringWriter()),
                    Map.of(),
                    "explain",
                    "-c",
                    directory.resolve("konnect-proxy.yaml").toString(),
                    host);
            assertThat(explained.toString().lines().findFirst()).contains(ended.came("policy"));
            assertThat(konnect.accepted()).isEqualTo(before);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"https://dp:secret@us.api.konghq.com/v2, us.api.konghq.com", "dp:sec/ret@host, the host that was named"
    })
    void a_pasted_password_is_not_repeated(String pasted, String shown) throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.run(pasted);
            assertThat(ended.out()).doesNotContain("secret", "sec/ret");
            assertThat(ended.step("policy").path("asked").asString()).isEqualTo("Whether the proxy may reach " + shown);
        }
    }

    @Test
    void a_host_that_is_permitted_is_the_only_one_that_is_tried() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with("purposes: [api, data-plane]")) {
            Ended ended = rig.run(Rig.HOST);
            assertThat(ended.came("policy")).startsWith("permitted: konnect_host");
            assertThat(ended.step("tls").path("subject").asString()).isEqualTo(Rig.HOST);
        }
    }

    @Test
    void a_host_that_only_some_client_may_reach_is_tried() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.with("clients-only: true\nclients: [{name: lab, source: 10.0.0.0/8}]")
                    .run();
            assertThat(ended.result("tls")).isEqualTo("ok");
        }
    }

    @Test
    void of_many_pinned_control_planes_some_are_tried_and_the_api_in_any_case() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            Ended ended = rig.with("purposes: [api, data-plane]\ncontrol-planes: [a, b, c, d, e, f, g, h, i, j]")
                    .run();
            assertThat(ended.came("policy"))
                    .startsWith("permitted: a, b, c, d, e, f, g, h, " + API + "; 2 more control planes are not tried");
        }
    }

    @ParameterizedTest(name = "resolvers are silent: {0}")
    @ValueSource(booleans = {false, true})
    void fifty_control_planes_in_every_region_take_no_minute(boolean silent) throws Exception {
        String pins = IntStream.range(0, 50).mapToObj(i -> "pin" + i).collect(Collectors.joining(", "));
        try (DoctorRig rig = new DoctorRig(
                directory,
                konnect.port(),
                question -> silent ? StandInAnswer.silence() : DoctorRig.known(question, "127.0.0.1"))) {
            long began = System.nanoTime();
            Ended ended = rig.with(
                            "regions: [au, eu, in, me, sg, us]\npurposes: [api, data-plane, event-gateway, identity, kic, mcp, mesh, portal]\n"
                                    + "control-planes: [" + pins + "]")
                    .run();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            assertThat(ended.came("policy")).contains("; 42 more control planes are not tried");
            assertThat(ended.out().length()).isLessThan(200_000);
        }
    }

    @Test
    void a_configuration_that_permits_no_whole_name_asks_for_one() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with("purposes: [data-plane]")) {
            Ended ended = rig.run();
            assertThat(ended.result("policy")).isEqualTo("warn");
            assertThat(ended.next("policy")).startsWith("Name a host: ");
        }
    }

    @Test
    void a_source_address_of_another_machine_is_no_way_out() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with("source-address: 192.0.2.77")) {
            Ended ended = rig.run();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.came("tcp")).contains("It must be an address of this machine.");
            assertThat(ended.result("audit")).isEqualTo("ok");
        }
    }

    @Test
    void a_configuration_that_cannot_be_loaded_is_the_first_failed_step() throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port()).with("purposes: [api]\nunknown: 1")) {
            Ended ended = rig.run();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.json().path("steps")).hasSize(1);
            assertThat(ended.came("configuration")).contains("unknown");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--output xml", "one.konghq.com two.konghq.com", "--user dp"})
    void misuse_is_64(String arguments) throws Exception {
        try (DoctorRig rig = new DoctorRig(directory, konnect.port())) {
            assertThat(rig.print(arguments.split(" ", -1)).code()).isEqualTo(64);
        }
    }
}
