package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the {@link LoopOrigin}, through a proxy that answers every CONNECT with the same reply. */
@Timeout(20)
class LoopClientsTest {
    private static final Duration TIME = Duration.ofMillis(50);

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger tunnels = new AtomicInteger();
    private LoopOrigin origin;
    private ServerSocket proxy;
    private volatile String reply = "HTTP/1.1 200 OK\r\n\r\n";

    @BeforeEach
    void opens_both() throws IOException {
        origin = new LoopOrigin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads.execute(origin);
        proxy = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    @AfterEach
    void closes_both() throws IOException {
        proxy.close();
        origin.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(LoopMethod.class)
    void counts_each_tunnel_once(LoopMethod method) throws IOException {
        origin.answer(method);

        Samples replies = run(method);

        assertThat(replies.size()).isGreaterThanOrEqualTo(method.clients()).isEqualTo(tunnels.get());
    }

    @Test
    void tells_a_refusal() {
        reply = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

        assertThatThrownBy(() -> run(LoopMethod.ONE_CLIENT)).hasMessage("got 'HTTP/1.1 403 Forbidden'");
    }

    @Test
    void tells_a_connection_that_is_closed_instead_of_an_answer() {
        reply = "";

        assertThatThrownBy(() -> run(LoopMethod.ONE_CLIENT))
                .hasMessage("the connection was closed instead of an answer");
    }

    private Samples run(LoopMethod method) throws IOException {
        InetSocketAddress address = (InetSocketAddress) proxy.getLocalSocketAddress();
        return LoopClients.run(address, ClosedLoop.HOST, method, TIME);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = proxy.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket()) {
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) client.getInputStream().read();
            }
            client.getOutputStream().write(reply.getBytes(US_ASCII));
            if (reply.startsWith("HTTP/1.1 200")) {
                tunnels.incrementAndGet();
                upstream.connect(origin.address());
                threads.execute(() -> copy(client, upstream));
                copy(upstream, client);
            }
        } catch (IOException e) {
            // The client has reset its tunnel.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of both has been closed.
        }
    }
}
