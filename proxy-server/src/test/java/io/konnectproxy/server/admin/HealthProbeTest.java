package io.konnectproxy.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.PageStage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthProbeTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static HealthProbe.Health ask(List<String> reasons) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (AdminServer server =
                AdminServer.start(ANY_PORT, loops.next(), () -> reasons, format -> new byte[0], PageStage.off())) {
            // Asked as configured in a container: every interface.
            return HealthProbe.ask(
                    new InetSocketAddress("0.0.0.0", server.address().getPort()));
        } finally {
            loops.shutdownGracefully();
        }
    }

    @Test
    void a_proxy_that_is_ready_is_ready() throws Exception {
        assertThat(ask(List.of())).isEqualTo(new HealthProbe.Health(true, "Ready."));
    }

    @Test
    void reasons_against_come_in_one_line() throws Exception {
        assertThat(ask(List.of("It drains.", "It has no\u001b[2J trail.")))
                .isEqualTo(new HealthProbe.Health(false, "Not ready: It drains. It has no [2J trail."));
    }

    @Test
    void nobody_there_is_not_ready() throws Exception {
        int port = FreePort.number();
        assertThat(HealthProbe.ask(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                .isEqualTo(new HealthProbe.Health(
                        false,
                        "Nothing listens on 127.0.0.1:" + port
                                + ": the proxy is not running, or admin.address differs.",
                        false));
    }

    @Test
    void somebody_who_does_not_answer_is_not_ready() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(HealthProbe.ask((InetSocketAddress) silent.getLocalSocketAddress(), Duration.ofSeconds(1)))
                    .isEqualTo(new HealthProbe.Health(
                            false, "No answer from 127.0.0.1:" + silent.getLocalPort() + " within 1 s."));
        }
    }

    /** Whoever has taken the port may answer a byte at a time. */
    @Test
    @Timeout(30)
    void somebody_who_drips_is_given_up_too() throws Exception {
        try (Origin slow = Origin.plain(client -> {
            OutputStream out = client.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 50; i++) {
                out.write("a: b\r\n".getBytes(StandardCharsets.US_ASCII));
                LockSupport.parkNanos(200_000_000);
            }
        })) {
            long began = System.nanoTime();
            assertThat(HealthProbe.ask(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), slow.port()),
                            Duration.ofSeconds(1)))
                    .isEqualTo(
                            new HealthProbe.Health(false, "No answer from 127.0.0.1:" + slow.port() + " within 1 s."));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 302 Found,answers but not", "SSH-2.0-x,No usable answer", "HTTP/1.1 404 No,answers but not"})
    void another_server_is_not_ready(String statusLine, String sentence) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(other, statusLine));
            HealthProbe.Health answer = HealthProbe.ask((InetSocketAddress) other.getLocalSocketAddress());
            assertThat(answer.ready()).isFalse();
            assertThat(answer.sentence().replace(",", "")).contains(sentence);
            answered.join();
        }
    }

    private static void answer(ServerSocket server, String statusLine) {
        try (Socket socket = server.accept();
                Scanner request = new Scanner(socket.getInputStream(), StandardCharsets.US_ASCII);
                OutputStream out = socket.getOutputStream()) {
            // The whole head is read: to close with bytes unread would reset the connection.
            assertThat(request.useDelimiter("\r\n\r\n").next()).startsWith("GET /readyz HTTP/1.1");
            out.write((statusLine + "\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
