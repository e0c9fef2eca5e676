package io.konnectproxy.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.Await;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets. */
class AdminServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static EventLoopGroup loops;

    private volatile Readiness readiness = List::of;
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
        server = AdminServer.start(ANY_PORT, loops, () -> readiness.reasonsAgainst());
    }

    @AfterEach
    void stop() {
        server.close();
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
        "GET,/,404,There are /healthz and /readyz here.",
        "GET,/healthz/,404,There are /healthz and /readyz here.",
        "GET,/%2e%2e/healthz,404,There are /healthz and /readyz here.",
        "POST,/healthz,405,Only GET and HEAD here.",
        "DELETE,/readyz,405,Only GET and HEAD here.",
        "POST,/other,404,There are /healthz and /readyz here."
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
        assertThat(raw(server, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void who_is_silent_or_slow_is_closed_at_the_deadline() throws Exception {
        try (AdminServer hasty = AdminServer.start(ANY_PORT, loops, List::of, Duration.ofMillis(200))) {
            assertThat(raw(hasty, "")).isEmpty();
            assertThat(raw(hasty, "GET /healthz HTTP/1.1\r\nHost:")).isEmpty();
            assertThat(raw(hasty, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .as("a connection kept open without a further request")
                    .endsWith("ok\n");
        }
    }

    @Test
    void the_65th_connection_is_closed_at_once_and_there_is_room_again_later() throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            held.add(connect(server));
        }
        try (Socket one = connect(server)) {
            assertThat(one.getInputStream().read()).isEqualTo(-1);
        }
        for (Socket socket : held) {
            // The answer proves that the connection was one of the admitted.
            socket.getOutputStream().write("GET /healthz HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
            socket.close();
        }
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void a_port_in_use_is_said_in_a_sentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> AdminServer.start(address, loops, List::of))
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
