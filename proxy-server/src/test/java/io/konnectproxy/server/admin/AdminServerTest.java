package io.konnectproxy.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.PageStage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets. */
class AdminServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static EventLoopGroup loops;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("admin").expecting("The metrics could not be read");

    private volatile Readiness readiness = List::of;
    private volatile MetricsSource metrics = format -> new byte[0];

    @AutoClose
    private AdminServer server;

    @BeforeAll
    static void startLoop() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        loops.shutdownGracefully();
    }

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(
                ANY_PORT,
                loops.next(),
                () -> readiness.reasonsAgainst(),
                format -> metrics.render(format),
                PageStage.off());
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends the bytes and gives all that comes back until the server closes. */
    private static String raw(AdminServer server, String bytes) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static Socket connect(AdminServer server) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/healthz,200,ok",
        "GET,/readyz,200,ready",
        "GET,/readyz?verbose,200,ready",
        "GET,/,404,'There are /healthz, /readyz and /metrics here.'",
        "GET,/healthz/,404,'There are /healthz, /readyz and /metrics here.'",
        "GET,/%2e%2e/healthz,404,'There are /healthz, /readyz and /metrics here.'",
        "POST,/healthz,405,Only GET and HEAD here.",
        "DELETE,/readyz,405,Only GET and HEAD here.",
        "POST,/metrics,405,Only GET and HEAD here.",
        "POST,/other,404,'There are /healthz, /readyz and /metrics here.'"
    })
    void each_request_has_its_answer(String method, String path, int status, String text) throws Exception {
        HttpResponse<String> response = send(method, path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(text + "\n");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.headers().firstValue("allow").isPresent()).isEqualTo(status == 405);
    }

    @Test
    void metrics_are_the_document_of_their_format_and_the_last_response() throws Exception {
        metrics = format -> format.name().getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = send("GET", "/metrics?a=b");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("PROMETHEUS_TEXT");
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.headers().firstValue("connection")).contains("close");
        HttpResponse<String> head = send("HEAD", "/metrics");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).contains("15");
    }

    @Test
    void metrics_that_cannot_be_read_are_an_error_without_a_reason() throws Exception {
        metrics = format -> {
            throw new IllegalStateException("secret");
        };
        HttpResponse<String> response = send("GET", "/metrics");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("The metrics could not be read.\n");
        assertThat(log.said()).singleElement().asString().contains("The metrics could not be read");
    }

    @Test
    void a_probe_does_not_wait_for_metrics_and_those_who_wait_share_the_next_document() throws Exception {
        CountDownLatch rendering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger documents = new AtomicInteger();
        metrics = format -> {
            rendering.countDown();
            await(goOn);
            return Integer.toString(documents.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
        };
        CompletableFuture<HttpResponse<String>> first = sendAsync("/metrics");
        await(rendering);
        List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(sendAsync("/metrics"));
        }
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
        goOn.countDown();
        assertThat(first.get().body()).isEqualTo("1");
        for (CompletableFuture<HttpResponse<String>> other : others) {
            // One that came late waits for the one after.
            assertThat(other.get().body()).isIn("2", "3");
        }
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String path) {
        return CLIENT.sendAsync(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.address().getPort() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void not_ready_has_one_reason_a_line_and_stays_alive() throws Exception {
        readiness = () -> List.of("The proxy is draining.", "The audit trail cannot be written.");
        HttpResponse<String> response = send("GET", "/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("The proxy is draining.\nThe audit trail cannot be written.\n");
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void readiness_that_cannot_be_told_is_not_ready() throws Exception {
        readiness = () -> {
            throw new IllegalStateException("secret");
        };
        HttpResponse<String> response = send("GET", "/readyz");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("Readiness could not be told.\n");
    }

    @Test
    void a_head_request_gets_the_length_without_the_body() throws Exception {
        assertThat(raw(server, "HEAD /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("content-length: 6\r\n", "connection: close\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void a_connection_serves_requests_until_one_says_close() throws Exception {
        String keep = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(raw(server, keep + keep + "GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .containsPattern("(?s)ok\n.*ok\n.*ready\n$");
    }

    @Test
    void http_1_0_is_answered_and_closed() throws Exception {
        assertThat(raw(server, "GET /healthz HTTP/1.0\r\n\r\n")).endsWith("ok\n");
    }

    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 hello of a TLS client \r\n\r\n",
                "\u0000\u0000\u0000\r\n\r\n",
                "GET\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nbad header\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            })
    void hostile_bytes_get_no_answer_but_an_error_and_the_next_client_is_served(String bytes) throws Exception {
        assertThat(raw(server, bytes)).doesNotContain("200 OK").doesNotContain("hello");
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nx: %s\r\n\r\n"})
    void a_request_that_is_too_long_is_cut_off(String form) throws Exception {
        assertThat(raw(server, form.formatted("a".repeat(6000))))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("aaa");
    }

    @Test
    void a_body_that_is_too_long_is_cut_off() throws Exception {
        // The deadline ends what waits for the body.
        try (AdminServer hasty = AdminServer.start(
                ANY_PORT,
                loops.next(),
                List::of,
                format -> new byte[0],
                PageStage.off(),
                new AdminTimes(Duration.ofMillis(300), LONG, LONG))) {
            assertThat(raw(hasty, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"))
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void who_is_silent_or_slow_is_closed_at_the_deadline() throws Exception {
        try (AdminServer hasty = AdminServer.start(
                ANY_PORT,
                loops.next(),
                List::of,
                format -> new byte[0],
                PageStage.off(),
                new AdminTimes(Duration.ofMillis(200), LONG, LONG))) {
            assertThat(raw(hasty, "")).isEmpty();
            assertThat(raw(hasty, "GET /healthz HTTP/1.1\r\nHost:")).isEmpty();
            assertThat(raw(hasty, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .as("a connection kept open without a further request")
                    .endsWith("ok\n");
        }
    }

    @Test
    void a_connection_ends_with_its_life_though_requests_go_on_coming() throws Exception {
        try (AdminServer server = AdminServer.start(
                        ANY_PORT,
                        loops.next(),
                        List::of,
                        format -> new byte[0],
                        PageStage.off(),
                        new AdminTimes(LONG, Duration.ofMillis(300), LONG));
                Socket socket = connect(server)) {
            int answers = 0;
            while (answers < AdminHandler.MOST_REQUESTS && answers(socket)) {
                answers++;
                LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
            }
            assertThat(answers).isBetween(1, AdminHandler.MOST_REQUESTS - 1);
        }
    }

    private static boolean answers(Socket socket) {
        try {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read(new byte[4096]) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void the_twentieth_answer_on_a_connection_is_the_last() throws Exception {
        String answers = raw(server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
        assertThat(answers.split("200 OK", -1)).hasSize(AdminHandler.MOST_REQUESTS + 1);
        assertThat(answers.split("connection: close", -1)).hasSize(2);
        assertThat(answers).endsWith("ok\n");
    }

    @Test
    void what_follows_a_request_that_says_close_is_not_answered() throws Exception {
        String close = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        assertThat(raw(server, close + "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains("connection: close\r\n")
                .endsWith("ok\n");
    }

    @Test
    void who_sends_requests_and_reads_no_answer_is_closed_at_the_deadline() throws Exception {
        try (AdminServer hasty = AdminServer.start(
                        ANY_PORT,
                        loops.next(),
                        List::of,
                        format -> new byte[0],
                        PageStage.off(),
                        new AdminTimes(Duration.ofMillis(300), LONG, LONG));
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(2048);
            socket.connect(hasty.address());
            byte[] many =
                    "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            socket.getOutputStream().write(many);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void one_more_than_there_may_be_has_the_one_closed_that_was_answered_longest_ago() throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < AdminConnections.SHARE; i++) {
            held.add(connect(server));
        }
        assertThat(answers(held.get(7))).isTrue();
        assertThat(answers(held.get(3))).isTrue();
        held.add(connect(server));
        assertThat(held.get(7).getInputStream().read()).isEqualTo(-1);
        held.add(connect(server));
        assertThat(held.get(3).getInputStream().read()).isEqualTo(-1);
        held.add(connect(server));
        assertThat(held.get(0).getInputStream().read()).as("the oldest").isEqualTo(-1);
        for (Socket socket : held) {
            boolean closed = socket == held.get(7) || socket == held.get(3) || socket == held.get(0);
            assertThat(answers(socket)).isEqualTo(!closed);
            socket.close();
        }
    }

    @Test
    void a_probe_is_answered_beside_one_silent_connection_each_of_more_addresses_than_places() throws Exception {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < AdminConnections.MOST + 40; i++) {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 1, 0, (byte) i}), 0));
            socket.connect(server.address());
            silent.add(socket);
        }
        for (int i = 0; i < 5; i++) {
            try (Socket probe = connect(server)) {
                assertThat(answers(probe)).isTrue();
            }
        }
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void no_connection_is_closed_for_those_of_another_address() throws Exception {
        try (Socket probe = connect(server)) {
            assertThat(answers(probe)).isTrue();
            List<Socket> flood = new ArrayList<>();
            for (int i = 0; i < 3 * AdminConnections.MOST; i++) {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
                socket.connect(server.address());
                flood.add(socket);
            }
            assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
            assertThat(answers(probe)).isTrue();
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    @Test
    void a_port_in_use_is_said_in_a_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() ->
                            AdminServer.start(address, loops.next(), List::of, format -> new byte[0], PageStage.off()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The admin address 127.0.0.1:" + address.getPort()
                            + " cannot be listened on: address already in use."
                            + " Stop what uses it, or set admin.address.");
        }
    }

    @Test
    void after_close_nobody_listens_and_open_connections_are_cut() throws Exception {
        try (Socket open = connect(server)) {
            open.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(open.getInputStream().read()).isEqualTo('H');
            server.close();
            assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("ok\n");
        }
        // The JDK closes a listener when its selector next turns round.
        Await.until("nobody listens", this::nobodyListens);
    }

    private boolean nobodyListens() {
        try (Socket socket = connect(server)) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }
}
