package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.ProxyServer;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pipe;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parents that lead back to the proxy that asks them. */
class ProxyLoopIT {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("tunnel").expecting("From ");

    @TempDir
    private Path directory;

    private final AtomicInteger started = new AtomicInteger();

    /** A proxy that asks a parent on this machine, and its trail. */
    private record Asking(ProxyServer proxy, AuditLines audit) implements AutoCloseable {
        int port() {
            return proxy.listeners().get(0).getPort();
        }

        RawClient client() throws IOException {
            return new RawClient(proxy.listeners().get(0));
        }

        List<String> verdicts() {
            return audit.decisions().stream()
                    .map(line -> AuditLines.text(line, "verdict").equals("permitted")
                            ? "permitted"
                            : AuditLines.text(line, "reason"))
                    .toList();
        }

        @Override
        public void close() {
            proxy.close();
        }
    }

    /** What lies between a proxy and itself: it is known when that listens. */
    private interface Way {
        Origin to(AtomicInteger port) throws IOException;
    }

    private Asking asking(int parent) throws Exception {
        int nth = started.incrementAndGet();
        Path trail = directory.resolve("audit" + nth + ".jsonl");
        Path file = Files.writeString(
                directory.resolve("proxy" + nth + ".yaml"),
                "listen: [{address: '127.0.0.1:0'}]\nregions: [us]\nadmin: {address: '127.0.0.1:0'}\naudit: {file: '"
                        + trail
                        + "', stdout: false}\nparents: [{url: 'http://127.0.0.1:" + parent + "', dns: parent}]\n"
                        + "dns: {servers: ['127.0.0.1:9']}\n");
        return new Asking(
                ProxyServer.start(ConfigurationLoader.load(file, Map.of()).configuration()), new AuditLines(trail));
    }

    static Stream<Arguments> ways() {
        Way balancer = port -> Origin.plain(Pipe.to(() -> loopback(port.get())));
        Way proxy = port -> Origin.plain(client -> {
            String head = head(client);
            try (Socket next = loopback(port.get())) {
                next.getOutputStream().write(asSquidSendsOn(head).getBytes(US_ASCII));
                next.getInputStream().transferTo(client.getOutputStream());
            }
        });
        return Stream.of(arguments("a balancer", balancer), arguments("another proxy", proxy));
    }

    private static Socket loopback(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static String head(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("the head has no end: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String asSquidSendsOn(String head) {
        return head.replaceFirst(
                "\r\nVia: (.*)\r\n", "\r\nX-Forwarded-For: 10.0.0.7\r\nvia: $1, 1.1 corp.example (squid/5.7)\r\n");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void is_noticed_in_its_first_turn(String name, Way way) throws Exception {
        AtomicInteger port = new AtomicInteger();
        try (Origin between = way.to(port);
                Asking proxy = asking(between.port());
                RawClient client = proxy.client()) {
            port.set(proxy.port());
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("parent_refused");
            assertThat(proxy.verdicts()).containsExactly("permitted", "proxy_loop");
            assertThat(between.accepted()).isEqualTo(1);
            assertThat(AuditLines.text(proxy.audit().decisions().get(1), "hint"))
                    .isEqualTo(
                            "The request names this proxy in Via, or too many like it: a parent proxy leads back here.");
        }
    }

    /** The second one sees nothing of its own in the request, and so sends it on. */
    @Test
    void a_ring_of_two_is_noticed_by_who_began_it() throws Exception {
        AtomicInteger port = new AtomicInteger();
        try (Origin between = Origin.plain(Pipe.to(() -> loopback(port.get())));
                Asking second = asking(between.port());
                Asking first = asking(second.port());
                RawClient client = first.client()) {
            port.set(first.port());
            assertThat(client.connect(Rig.HOST).answer().reason()).isEqualTo("parent_refused");
            assertThat(first.verdicts()).containsExactly("permitted", "proxy_loop");
            assertThat(second.verdicts()).containsExactly("permitted");
        }
    }

    /** What the parent of a proxy in a row reads, and what a client can make of it. */
    @Test
    void other_proxies_in_via_are_nothing_to_us() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        try (Origin parent = Origin.plain(client -> {
                    heads.add(head(client));
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                    client.getInputStream().readAllBytes();
                });
                Asking proxy = asking(parent.port());
                RawClient client = proxy.client()) {
            String other = "konnect-proxy-0123456789ab";
            client.say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST
                    + ":443\r\nVia: 1.1 kong/3.9, 1.1 konnect-proxy, 1.0 konnect-proxy-0123456789AB (secret)\r\nVia: 1.1 "
                    + other + "\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(heads.poll(10, TimeUnit.SECONDS))
                    .matches("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\nVia: 1.1 " + other
                            + ", 1.1 konnect-proxy-[0-9a-f]{12}\r\n\r\n")
                    .doesNotContain("secret");
        }
    }

    @Test
    void more_proxies_in_a_row_than_anybody_has_are_a_loop() throws Exception {
        try (Origin parent = Origin.plain(client -> {});
                Asking proxy = asking(parent.port());
                RawClient client = proxy.client()) {
            client.say("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n"
                    + "Via: 1.1 konnect-proxy-0123456789ab\r\n".repeat(16) + "\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.reason()).isEqualTo("proxy_loop");
            assertThat(answer.header("Proxy-Status"))
                    .hasValueSatisfying(status -> assertThat(status).contains("error=proxy_loop_detected"));
            assertThat(parent.accepted()).isZero();
        }
    }
}
