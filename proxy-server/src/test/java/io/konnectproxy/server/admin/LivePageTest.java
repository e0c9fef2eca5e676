package io.konnectproxy.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.server.live.ProxyFacts;
import io.konnectproxy.server.live.RecentDecisions;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LiveEvents;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.PageStage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The live page over real sockets, of a proxy that does nothing. LivePageIT has a real one. */
@Timeout(60)
class LivePageTest {
    private static final String HASH = "$2y$04$abcdefghijklmnopqrstuunm.LFApfgYcKLyNlf/c2CkfxFy4dOby";
    private static final String PASSWORD = "kong to konnect";

    @RegisterExtension
    private final LogCapture log = LogCapture.of("admin")
            .expecting("The live page could not be rendered", "Wrong credentials for the live page");

    @TempDir
    private Path directory = Path.of("");

    @AutoClose("shutdownGracefully")
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AutoClose
    private final FileWatch watch = new FileWatch();

    private final RecentDecisions recent = new RecentDecisions();
    private volatile PageAccess access = PageAccess.of(Optional.empty());
    private volatile Supplier<ProxyFacts> facts = () -> PageStage.facts("test");

    @AutoClose
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops.next(),
                List::of,
                format -> new byte[0],
                PageStage.of(() -> access, () -> facts.get(), recent));
    }

    private void demandCredentials() throws IOException {
        Path file = Files.writeString(directory.resolve("users"), "alice:" + HASH + "\n<b>:" + HASH + "\n");
        access = PageAccess.of(Optional.of(Users.of(file.toString(), watch)));
    }

    /** Sends the head and gives what comes back until the server closes. */
    private String raw(String head) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write((head.replace("|", "\r\n") + "\r\n\r\n").getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private static String field(String response, String name) {
        return response.substring(0, response.indexOf("\r\n\r\n"))
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    @Test
    void the_document_has_a_policy_that_permits_its_own_style_and_script_only() throws Exception {
        String response = raw("GET / HTTP/1.1|Host: 127.0.0.1:9090");
        String html = body(response);
        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(field(response, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(field(response, "content-length")).isEqualTo(Integer.toString(html.getBytes(UTF_8).length));
        assertThat(field(response, "content-security-policy"))
                .isEqualTo(
                        "default-src 'none'; script-src 'sha256-" + hash(html, "script") + "'; style-src 'sha256-"
                                + hash(html, "style")
                                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(field(response, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(field(response, "referrer-policy")).isEqualTo("no-referrer");
        assertThat(field(response, "cross-origin-resource-policy")).isEqualTo("same-origin");
        assertThat(field(response, "cache-control")).isEqualTo("no-store");
        assertThat(field(response, "connection")).isEqualTo("close");
        String head = raw("HEAD / HTTP/1.1|Host: 127.0.0.1:9090");
        assertThat(body(head)).isEmpty();
        assertThat(field(head, "content-length")).isEqualTo(field(response, "content-length"));
    }

    /** Of the one element of that name, as browsers compute it. */
    private static String hash(String html, String element) throws Exception {
        Matcher elements = Pattern.compile("(?is)<" + element + "([^>]*)>(.*?)</" + element + "\\s*>")
                .matcher(html);
        assertThat(elements.find()).as(element).isTrue();
        assertThat(elements.group(1)).isEmpty();
        String text = elements.group(2);
        assertThat(elements.find()).as("a second " + element).isFalse();
        assertThat(html.replace(text, "")).doesNotContainPattern("(?i)<[^>]*\\s(on[a-z]+|style|src)=");
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
        GET / HTTP/1.1|Host: localhost; 200
        GET /?find=a HTTP/1.1|Host: LOCALHOST:9090; 200
        GET / HTTP/1.1|Host: 10.0.0.1; 200
        GET / HTTP/1.1|Host: [::1]:9090; 200
        GET / HTTP/1.1|Host: evil.example; 403
        GET / HTTP/1.1|Host: evil.example:9090; 403
        GET / HTTP/1.1|Host: localhost.evil.example; 403
        GET / HTTP/1.1|Host: 127.0.0.1.evil.example; 403
        GET / HTTP/1.1|Host: 127.0.0.1@evil.example; 403
        GET / HTTP/1.1|Host: 2130706433; 403
        GET / HTTP/1.1|Host: 0x7f.1; 403
        GET / HTTP/1.1|Host: [evil]; 403
        GET / HTTP/1.1|Host: [127.0.0.1]; 403
        GET / HTTP/1.1|Host:; 403
        GET / HTTP/1.1|Host: 127.0.0.1|Host: evil.example; 403
        GET / HTTP/1.0; 403
        GET http://127.0.0.1/ HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        GET /index.html HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        GET /live/ HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        POST / HTTP/1.1|Host: 127.0.0.1|Connection: close; 405
        PUT /live HTTP/1.1|Host: 127.0.0.1|Connection: close; 405
        HEAD /live HTTP/1.1|Host: 127.0.0.1; 200
        HEAD /live HTTP/1.1|Host: evil.example; 403
        HEAD /live HTTP/1.1|Host: 127.0.0.1|Sec-Fetch-Site: same-origin; 200
        HEAD /live HTTP/1.1|Host: 127.0.0.1|Sec-Fetch-Site: none; 200
        HEAD /live HTTP/1.1|Host: 127.0.0.1|Sec-Fetch-Site: same-site; 403
        GET /live HTTP/1.1|Host: 127.0.0.1|Sec-Fetch-Site: cross-site; 403
        HEAD /live HTTP/1.1|Host: 127.0.0.1:9090|Origin: http://127.0.0.1:9090; 200
        HEAD /live HTTP/1.1|Host: localhost|Origin: https://localhost; 200
        GET /live HTTP/1.1|Host: 127.0.0.1:9090|Origin: http://127.0.0.1:8080; 403
        GET /live HTTP/1.1|Host: 127.0.0.1|Origin: http://evil.example; 403
        GET /live HTTP/1.1|Host: 127.0.0.1|Origin: null; 403
        HEAD /live?find=%3Cb%3E&sort=-age HTTP/1.1|Host: 127.0.0.1; 200
        GET /live?find=%ff HTTP/1.1|Host: 127.0.0.1; 400
        GET /live?find=%zz HTTP/1.1|Host: 127.0.0.1; 400
        GET /live?find=%0 HTTP/1.1|Host: 127.0.0.1; 400
        GET /live?find=a%00b&sort=age&sort=age HTTP/1.1|Host: 127.0.0.1; 400
        HEAD /live? HTTP/1.1|Host: 127.0.0.1; 200
        HEAD /live?find=%00 HTTP/1.1|Host: 127.0.0.1; 200
        GET // HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        GET /LIVE HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        GET /%6cive HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        GET /live#a HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        OPTIONS * HTTP/1.1|Host: 127.0.0.1|Connection: close; 404
        OPTIONS /live HTTP/1.1|Host: 127.0.0.1|Connection: close; 405
        get / HTTP/1.1|Host: 127.0.0.1|Connection: close; 405
        GET / HTTP/1.1|Host: localhost.; 403
        GET / HTTP/1.1|Host: [fe80::1%25eth0]; 403
        GET / HTTP/1.1|Host: [::ffff:127.0.0.1]; 200
        GET / HTTP/1.1|Host: 127.0.0.1:; 403
        GET / HTTP/1.1|Host: user@127.0.0.1; 403
        GET / HTTP/1.1|Host: 127.0.0.1, evil.example; 403
        GET / HTTP/1.1|Host: 127.0.0.1|host: 127.0.0.1; 403
        GET /live?sort=secret HTTP/1.1|Host: 127.0.0.1; 400
        GET /live?a=b HTTP/1.1|Host: 127.0.0.1; 400
        """)
    void each_request_has_its_answer(String head, int status) throws Exception {
        String response = raw(head);
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").doesNotContain("evil", "secret");
        assertThat(field(response, "cache-control")).isEqualTo("no-store");
        assertThat(field(response, "allow")).isEqualTo(status == 405 ? "GET, HEAD" : "");
        if (status != 200) {
            assertThat(field(response, "content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(body(response)).matches(head.startsWith("HEAD") ? "" : "[A-Za-z][ -;=?-~]+\\.\n");
        }
    }

    @Test
    void a_request_that_is_too_large_or_no_request_is_malformed() throws Exception {
        String large = "x".repeat(64 << 10);
        for (String head : List.of(
                "GET /live?find=" + large + " HTTP/1.1|Host: 127.0.0.1",
                "GET / HTTP/1.1|Host: 127.0.0.1|Authorization: Basic " + large,
                "GET /live HTTP/1.1|Host: 127.0.0.1\0",
                "GET / HTTP/1.1|Host: 127.0.0.1|Content-Length: 5|Content-Length: 6",
                "GET /\0 HTTP/1.1|Host: 127.0.0.1|Connection: close")) {
            String answer;
            try {
                answer = raw(head);
            } catch (java.net.SocketException e) {
                // What was not read makes a reset of the end.
                continue;
            }
            assertThat(answer).as(head).matches("(?s)HTTP/1.1 4\\d\\d .*").doesNotContain("xxx");
        }
        assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: localhost||GET /healthz HTTP/1.1|Host: localhost",
                "GET / HTTP/1.1|Host: evil.example||GET / HTTP/1.1|Host: localhost",
                "HEAD /live HTTP/1.1|Host: localhost||GET /live HTTP/1.1|Host: localhost",
                "GET / HTTP/1.1|Host: localhost|Content-Length: 38||GET / HTTP/1.1|Host: localhost|||||||",
            })
    void what_follows_a_request_for_the_page_is_not_answered(String heads) throws Exception {
        assertThat(raw(heads)).containsOnlyOnce("HTTP/1.1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live"})
    void where_it_is_off_it_is_not_found_like_any_other_path(String path) throws Exception {
        access = PageAccess.OFF;
        String request = "GET " + path + " HTTP/1.1|Host: evil.example|Connection: close";
        assertThat(raw(request))
                .startsWith("HTTP/1.1 404 ")
                .isEqualTo(raw(request.replace(path + " ", "/other ")))
                .endsWith("There are /healthz, /readyz and /metrics here.\n");
        access = PageAccess.withheld("It is off.");
        assertThat(body(raw(request))).isEqualTo("There are /healthz, /readyz and /metrics here.\nIt is off.\n");
    }

    private static String basic(String user, String password) {
        return "|Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live"})
    void where_credentials_are_demanded_only_they_let_in(String path) throws Exception {
        demandCredentials();
        String request = "HEAD " + path + " HTTP/1.1|Host: 127.0.0.1";
        for (String fields : List.of(
                "",
                basic("alice", "wrong"),
                basic("alice", ""),
                basic("mallory", PASSWORD),
                basic("alice", PASSWORD) + basic("alice", PASSWORD),
                basic("alice", PASSWORD).replace("Basic", "Bearer"),
                basic("alice", PASSWORD).replace("Basic ", "Basic %"),
                basic("alice", PASSWORD).replace("Authorization", "Proxy-Authorization"))) {
            String response = raw(request + fields);
            assertThat(response).as(fields).startsWith("HTTP/1.1 401 ").doesNotContain("alice");
            assertThat(field(response, "www-authenticate"))
                    .isEqualTo("Basic realm=\"konnect-proxy\", charset=\"UTF-8\"");
        }
        assertThat(raw(request + basic("alice", PASSWORD))).startsWith("HTTP/1.1 200 ");
        assertThat(raw(request.replace("127.0.0.1", "evil.example") + basic("alice", PASSWORD)))
                .as("the host comes first")
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET /healthz HTTP/1.0")).as("probes need no password").startsWith("HTTP/1.1 200 ");
    }

    @Test
    void the_guesses_of_passwords_are_slowed_down_and_probes_are_not() throws Exception {
        demandCredentials();
        String request = "GET / HTTP/1.1|Host: 127.0.0.1";
        for (int i = 0; i < 5; i++) {
            assertThat(raw(request + basic("alice", "guess " + i))).startsWith("HTTP/1.1 401 ");
        }
        raw(request + basic("alice", "guess 5"));
        long begin = System.nanoTime();
        List<Socket> guesses = new ArrayList<>();
        for (int i = 6; i < 9; i++) {
            Socket guess = connect();
            guesses.add(guess);
            guess.getOutputStream()
                    .write((request + basic("alice", "guess " + i) + "||")
                            .replace("|", "\r\n")
                            .getBytes(ISO_8859_1));
        }
        assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(log.said())
                .singleElement()
                .asString()
                .contains(
                        "Wrong credentials for the live page came from 127.0.0.1. The password of user alice is wrong.")
                .doesNotContain("guess");
        for (Socket guess : guesses) {
            assertThat(new String(guess.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 401 ");
        }
        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
    }

    @Test
    void events_come_at_once_and_then_every_second_and_those_who_watch_alike_get_the_same() throws Exception {
        try (LiveEvents viewer = new LiveEvents(server.address());
                LiveEvents alike = new LiveEvents(server.address())) {
            assertThat(viewer.head())
                    .startsWith("HTTP/1.1 200 OK")
                    .contains(
                            "content-type: text/event-stream",
                            "cache-control: no-store",
                            "x-content-type-options: nosniff",
                            "cross-origin-resource-policy: same-origin",
                            "connection: close")
                    .noneMatch(line -> line.startsWith("content-length") || line.startsWith("transfer-encoding"));
            JsonNode first = viewer.next("state");
            assertThat(first.path("instance").asString()).isEqualTo("test");
            assertThat(viewer.next("decisions").toString()).isEqualTo("{\"more\":0,\"shown\":[]}");
            JsonNode two = viewer.awaitState(state -> state.path("viewers").asInt() == 2);
            assertThat(alike.awaitState(state -> state.path("viewers").asInt() == 2))
                    .isEqualTo(two);
        }
    }

    @Test
    void the_seventeenth_viewer_is_turned_away_until_one_leaves() throws Exception {
        List<LiveEvents> viewers = new ArrayList<>();
        for (int i = 0; i < Viewers.MOST; i++) {
            viewers.add(new LiveEvents(server.address(), "?find=" + i, ""));
        }
        for (LiveEvents viewer : viewers) {
            viewer.next("state");
        }
        String refused = raw("GET /live HTTP/1.1|Host: 127.0.0.1");
        assertThat(refused).startsWith("HTTP/1.1 503 ").contains("retry-after: 10");
        assertThat(body(refused))
                .isEqualTo("There are 16 viewers of the live page already; close one, and try again.\n");
        assertThat(raw("GET / HTTP/1.1|Host: 127.0.0.1")).startsWith("HTTP/1.1 200 ");
        viewers.remove(0).close();
        try (LiveEvents other = awaitPlace()) {
            assertThat(other.next("state").path("viewers").asInt()).isEqualTo(Viewers.MOST);
        }
        for (LiveEvents viewer : viewers) {
            viewer.close();
        }
    }

    @Test
    void one_client_does_not_keep_another_from_watching() throws Exception {
        List<LiveEvents> viewers = new ArrayList<>();
        for (int i = 0; i < Viewers.MOST; i++) {
            viewers.add(new LiveEvents(server.address()));
        }
        List<Socket> others = new ArrayList<>();
        for (int i = 0; i < Viewers.MOST / 2; i++) {
            others.add(from("127.0.0.2"));
            assertThat(status(others.get(i)))
                    .as("viewer " + i + " of another client")
                    .startsWith("HTTP/1.1 200 ");
        }
        // Now both have as many.
        try (Socket one = from("127.0.0.1");
                Socket other = from("127.0.0.2");
                Socket third = from("127.0.0.3")) {
            assertThat(status(one)).startsWith("HTTP/1.1 503 ");
            assertThat(status(other)).startsWith("HTTP/1.1 503 ");
            assertThat(status(third)).startsWith("HTTP/1.1 200 ");
        }
        for (LiveEvents viewer : viewers) {
            viewer.close();
        }
        for (Socket other : others) {
            other.close();
        }
    }

    /** Begins to watch. */
    private Socket from(String address) throws IOException {
        Socket socket = new Socket(
                server.address().getAddress(), server.address().getPort(), InetAddress.getByName(address), 0);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(ISO_8859_1));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(13), ISO_8859_1);
    }

    private LiveEvents awaitPlace() throws IOException {
        List<LiveEvents> found = new ArrayList<>();
        Await.until("there is a place", () -> {
            try {
                LiveEvents viewer = new LiveEvents(server.address());
                if (viewer.head().get(0).contains("200")) {
                    return found.add(viewer);
                }
                viewer.close();
                return false;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return found.get(0);
    }

    @Test
    void viewers_take_no_place_of_probes() throws Exception {
        List<LiveEvents> viewers = new ArrayList<>();
        for (int i = 0; i < Viewers.MOST; i++) {
            viewers.add(new LiveEvents(server.address()));
        }
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < AdminConnections.SHARE + 20; i++) {
            held.add(connect());
        }
        for (LiveEvents viewer : viewers) {
            viewer.next("state");
            viewer.next("state");
        }
        assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
        for (Socket socket : held) {
            socket.close();
        }
        for (LiveEvents viewer : viewers) {
            viewer.close();
        }
    }

    @Test
    void one_that_reads_nothing_is_dropped_while_another_and_a_probe_are_served() throws Exception {
        // More in a second than the system keeps for a reader.
        String reason = "x".repeat(4 << 20);
        facts = () -> withReasons(List.of(reason));
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4 << 10);
            slow.connect(server.address());
            slow.getOutputStream().write("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(ISO_8859_1));
            try (LiveEvents other = new LiveEvents(server.address())) {
                other.awaitState(state -> state.path("viewers").asInt() == 2);
                assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
                other.awaitState(state -> state.path("viewers").asInt() == 1);
            }
        }
    }

    /** Viewers that read nothing, requests that never end, connections that are reset, and guesses. */
    @Test
    void under_all_of_it_at_once_probes_have_their_answers() throws Exception {
        demandCredentials();
        String reason = "x".repeat(1 << 20);
        facts = () -> withReasons(List.of(reason));
        // The first ones load classes.
        assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET / HTTP/1.1|Host: 127.0.0.1" + basic("alice", PASSWORD)))
                .startsWith("HTTP/1.1 200 ");
        List<Socket> sockets = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                for (String head : List.of(
                        "GET /live?find=" + i + " HTTP/1.1|Host: 127.0.0.1" + basic("alice", PASSWORD) + "||",
                        "GET / HTTP/1.1|Host: 127.0.0.1" + basic("alice", "guess" + round + i) + "||",
                        "GET / HTTP/1.1|Host: 127.0.0.1" + basic("alice", PASSWORD) + "||",
                        "GET /live HTTP/1.1|Host: ")) {
                    Socket socket = connect();
                    sockets.add(socket);
                    socket.setReceiveBufferSize(4 << 10);
                    socket.getOutputStream().write(head.replace("|", "\r\n").getBytes(ISO_8859_1));
                    if (i % 3 == 0) {
                        socket.setSoLinger(true, 0);
                        socket.close();
                    }
                }
            }
            for (int i = 0; i < 5; i++) {
                long begin = System.nanoTime();
                assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
                // Milliseconds; more where other builds have the cores.
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            }
        }
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        assertThat(log.said()).allMatch(line -> line.contains("Wrong credentials for the live page"));
    }

    private static ProxyFacts withReasons(List<String> reasons) {
        ProxyFacts usual = PageStage.facts("test");
        return new ProxyFacts(
                usual.time(),
                usual.instance(),
                usual.version(),
                usual.started(),
                false,
                reasons,
                usual.configuration(),
                usual.connections(),
                usual.memory(),
                usual.descriptors(),
                usual.audit(),
                usual.mirrors(),
                usual.archive(),
                usual.parents(),
                usual.dns(),
                usual.certificates(),
                usual.listeners(),
                usual.controlPlanes());
    }

    @Test
    void a_rendering_that_takes_long_delays_no_probe_and_one_that_fails_ends_the_stream() throws Exception {
        CountDownLatch rendering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        facts = () -> {
            rendering.countDown();
            try {
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new IllegalStateException("of the test");
        };
        try (LiveEvents viewer = new LiveEvents(server.address())) {
            assertThat(rendering.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(raw("GET /healthz HTTP/1.0")).startsWith("HTTP/1.1 200 ");
            goOn.countDown();
            assertThat(viewer.ends()).isTrue();
        }
        assertThat(log.said()).singleElement().asString().contains("The live page could not be rendered");
    }

    @Test
    void a_viewer_that_goes_on_sending_is_closed() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .doesNotContain("<");
        }
    }

    @Test
    void a_change_of_who_may_see_it_ends_the_streams_of_those_who_may_not() throws Exception {
        demandCredentials();
        String alice = basic("alice", PASSWORD).replace("|", "") + "\r\n";
        try (LiveEvents stays = new LiveEvents(server.address(), "", alice)) {
            try (LiveEvents goes =
                    new LiveEvents(server.address(), "", basic("<b>", PASSWORD).replace("|", "") + "\r\n")) {
                goes.next("state");
                Files.writeString(directory.resolve("users"), "alice:" + HASH + "\n");
                watch.lookNow();
                assertThat(goes.ends()).isTrue();
            }
            stays.next("state");
            stays.next("state");
            access = PageAccess.OFF;
            assertThat(stays.ends()).isTrue();
        }
    }

    @Test
    void whoever_has_watched_for_long_has_to_come_again() throws Exception {
        try (AdminServer hasty = AdminServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        loops.next(),
                        List::of,
                        format -> new byte[0],
                        PageStage.of(() -> access, () -> facts.get(), recent),
                        new AdminTimes(Duration.ofMillis(700), Duration.ofMillis(800), Duration.ofMillis(1_900)));
                LiveEvents viewer = new LiveEvents(hasty.address())) {
            viewer.next("state");
            // The times of requests are over by now, and are not those of viewers.
            viewer.next("state");
            assertThat(viewer.ends()).isTrue();
        }
    }

    @Test
    void streams_end_with_the_server() throws Exception {
        try (LiveEvents viewer = new LiveEvents(server.address())) {
            viewer.next("state");
            server.close();
            assertThat(viewer.ends()).isTrue();
        }
    }

    /** What nobody may take for JSON's own, for a line of an event, for markup or for a command to a terminal. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"quoted\" and \\ back",
                "</script><script>alert(1)</script>",
                "line\r\n\r\nevent: state\ndata: {}\n\n",
                "\u2028\u2029\u0085",
                "\u0000\u0001\u001b[2J\u007f\u009b",
                "\ud800 alone, \ud83d\ude00 together",
                "\u202eright to left",
                "LONG"
            })
    void hostile_names_arrive_as_they_are_in_strings_that_nothing_breaks(String name) throws Exception {
        String hostile = name.equals("LONG") ? "<\u2028\"".repeat(32 << 10) : name;
        facts = () -> PageStage.facts(hostile);
        recent.accept(new Decision(
                Instant.EPOCH,
                "id",
                "127.0.0.1:3128",
                new Client(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(hostile)),
                Optional.empty(),
                Optional.of(hostile),
                Optional.empty(),
                new Refused(Refusal.HOST_NOT_KONNECT, hostile),
                Optional.of(hostile)));
        try (LiveEvents viewer = new LiveEvents(server.address())) {
            assertThat(viewer.next("state").path("instance").asString()).isEqualTo(hostile);
            JsonNode shown = viewer.next("decisions").path("shown").path(0);
            assertThat(shown.path("user").asString()).isEqualTo(cut(hostile, 128));
            assertThat(shown.path("remedy").asString()).isEqualTo(cut(hostile, 512));
        }
    }

    /** Half of a character is none. */
    private static String cut(String text, int most) {
        return (text.length() <= most ? text : text.substring(0, most - 3) + "...").replace("\ud800 ", "\ufffd ");
    }
}
