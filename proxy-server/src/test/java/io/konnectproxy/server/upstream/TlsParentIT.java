package io.konnectproxy.server.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.soak.Memory;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The open tunnel where one leg has TLS of its own: its ends, and what waits in it. */
class TlsParentIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int MUCH = 24 * 1024 * 1024;

    @TempDir
    private Path directory;

    /** The parent's part, behind its 200 and the hello. */
    private Rig rig(String version, Origin.Conversation tunnel) throws Exception {
        return rig(version, tunnel, HELLO.length);
    }

    private Rig rig(String version, Origin.Conversation tunnel, int hello) throws Exception {
        Path trust = Files.writeString(directory.resolve("ca.crt"), Pem.of(Rig.CA.certificate()));
        Origin parent = Origin.overQuickTls(Rig.CA.serverContext(List.of("proxy.example")), proxy -> {
            ((SSLSocket) proxy).setEnabledProtocols(new String[] {version});
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) proxy.getInputStream().read());
            }
            proxy.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
            proxy.getInputStream().readNBytes(hello);
            tunnel.with(proxy);
        });
        return new Rig(
                parent,
                StandInDns.start(question -> StandInAnswer.of("127.0.0.1")),
                "dns: {servers: [\"DNS\"]}\nparents: [{url: \"https://proxy.example:" + parent.port() + "\", trust: \""
                        + trust + "\"}]\n");
    }

    private static RawClient open(Rig rig) throws IOException {
        RawClient client = rig.client();
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client.say(HELLO);
    }

    private static void assertEnd(Rig rig, String outcome, long up, long down) {
        JsonNode end = rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
        assertThat(AuditLines.text(end, "outcome")).isEqualTo(outcome);
        assertThat(end.path("bytes_up").asLong(-1)).isEqualTo(up);
        assertThat(end.path("bytes_down").asLong(-1)).isEqualTo(down);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void carries_much_both_ways_to_slow_readers_and_keeps_little_of_it(String version) throws Exception {
        // In a process that has carried nothing yet, the allocator takes up to 25 MB for the next tunnels along.
        assertThat(directOfSlowReaders(version)).isPositive();
        assertThat(directOfSlowReaders(version)).isLessThan(MUCH / 2);
    }

    /** Bytes outside of the heap that are taken while neither side reads; then they read, and all is there. */
    private long directOfSlowReaders(String version) throws Exception {
        CountDownLatch clientStands = new CountDownLatch(1);
        CompletableFuture<Integer> got = new CompletableFuture<>();
        try (Rig rig = rig(version, proxy -> {
                    Thread writer = new Thread(() -> {
                        try {
                            proxy.getOutputStream().write(new byte[MUCH]);
                            proxy.getOutputStream().flush();
                        } catch (IOException e) {
                            got.completeExceptionally(e);
                        }
                    });
                    writer.start();
                    clientStands.await();
                    got.complete(proxy.getInputStream().readNBytes(MUCH).length);
                    writer.join();
                    assertThat(proxy.getInputStream().read()).isNegative();
                });
                RawClient client = open(rig)) {
            long before = Memory.direct();
            Thread writer = new Thread(() -> {
                try {
                    client.say(new byte[MUCH]);
                } catch (IOException e) {
                    got.completeExceptionally(e);
                }
            });
            writer.start();
            // Neither side reads now: the bytes on their way are in the sockets' buffers, or in the proxy.
            writer.join(500);
            assertThat(writer.isAlive()).isTrue();
            long taken = Memory.direct() - before;
            clientStands.countDown();
            assertThat(client.socket().getInputStream().readNBytes(MUCH)).hasSize(MUCH);
            assertThat(got.get(30, TimeUnit.SECONDS)).isEqualTo(MUCH);
            client.socket().shutdownOutput();
            assertThat(client.atEnd()).isTrue();
            client.socket().close();
            assertEnd(rig, "client_closed", HELLO.length + MUCH, MUCH);
            return taken;
        }
    }

    @Test
    void a_client_that_finishes_is_a_close_notify_to_the_parent_which_may_still_speak() throws Exception {
        try (Rig rig = rig("TLSv1.3", proxy -> {
                    // The JDK throws where TLS ends without close_notify.
                    byte[] all = proxy.getInputStream().readAllBytes();
                    proxy.getOutputStream().write(("got " + all.length).getBytes(US_ASCII));
                });
                RawClient client = open(rig)) {
            client.say("more").socket().shutdownOutput();
            assertThat(new String(client.rest(), US_ASCII)).isEqualTo("got 4");
            client.socket().close();
            assertEnd(rig, "client_closed", HELLO.length + 4, 5);
        }
    }

    @Test
    void a_parent_that_finishes_is_a_fin_to_the_client_which_may_still_speak() throws Exception {
        CompletableFuture<String> got = new CompletableFuture<>();
        try (Rig rig = rig("TLSv1.3", proxy -> {
                    proxy.getOutputStream().write("bye".getBytes(US_ASCII));
                    proxy.shutdownOutput();
                    got.complete(new String(proxy.getInputStream().readAllBytes(), US_ASCII));
                });
                RawClient client = open(rig)) {
            assertThat(new String(client.rest(), US_ASCII)).isEqualTo("bye");
            client.say("still here").socket().shutdownOutput();
            assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo("still here");
            assertEnd(rig, "upstream_closed", HELLO.length + 10, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_parent_that_closes_is_gone(String version) throws Exception {
        try (Rig rig = rig(version, proxy -> proxy.getOutputStream().write("bye".getBytes(US_ASCII)));
                RawClient client = open(rig)) {
            assertThat(new String(client.rest(), US_ASCII)).isEqualTo("bye");
            client.socket().close();
            assertEnd(rig, "upstream_closed", HELLO.length, 3);
        }
    }

    /** With TLS the proxy has to read for itself, and would hear of the end before there is anybody to tell. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_parent_that_closes_before_the_hello_is_gone(String version) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Rig rig = rig(
                        version,
                        proxy -> {
                            proxy.close();
                            closed.countDown();
                        },
                        0);
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isIn(200, 502);
            closed.await();
            client.say(HELLO);
            client.rest();
            client.socket().close();
            JsonNode end =
                    rig.audit().await(line -> AuditLines.text(line, "event").equals("tunnel"));
            assertThat(AuditLines.text(end, "outcome")).isIn("upstream_closed", "connect_failed");
        }
    }
}
