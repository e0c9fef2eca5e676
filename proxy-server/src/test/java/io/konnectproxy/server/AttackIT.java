package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.server.soak.EchoOrigin;
import io.konnectproxy.server.soak.Order;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a few clients can do to the others, at the memory of the shipped manifest: whatever they make the proxy keep, an honest
 * client is served in time beside them, an open tunnel lives on, and when they are gone so is what they held.
 */
@Alone
class AttackIT {
    private static final Duration KONG_WAITS = Duration.ofSeconds(5);

    /** Of nine in ten. */
    private static final Duration IN_TIME = Duration.ofSeconds(1);

    /** A process that has just started needs some milliseconds for each of its first tunnels. */
    private static final int WARM_UP = 300;

    /** More descriptors than the proxy has without connections. */
    private static final int AT_REST = 200;

    /** In bytes: records of clients and of refused data planes, and queues that have grown. It was 3 MiB at most. */
    private static final long LEFT_BEHIND = 8 * 1024 * 1024;

    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final byte[] HEAD =
            ("CONNECT " + Rig.HOST + ":443 HTTP/1.1\r\nHost: " + Rig.HOST + ":443\r\n\r\n").getBytes(US_ASCII);
    private static final byte[] ORDER = Order.ECHO.bytes(0);

    @TempDir
    private static Path directory;

    @AutoClose
    private static final StandInDns DNS = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));

    @AutoClose
    private static EchoOrigin origin;

    /** One for all attacks: what one leaves behind, the next one meets. */
    @AutoClose
    private static RunningProxy proxy;

    private static long heapAtRest;

    private final ExecutorService attacking = Executors.newSingleThreadExecutor();
    private final List<SocketChannel> attackers = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void start() throws Exception {
        origin = new EchoOrigin();
        proxy = RunningProxy.start(
                directory,
                DNS,
                origin.socket().getLocalPort(),
                // What a container of 512 MiB says of itself: the heap by the JVM, the rest by the proxy.
                List.of("@" + Path.of("..", "config", "jvm.options"), "-XX:MaxRAM=512m"),
                "dns: {servers: [\"DNS\"]}\nlimits: {memory: 205MiB}\ntimeouts: {client-hello: 1m, head: 1m}\n");
        for (int i = 0; i < WARM_UP; i++) {
            open(new RawClient(proxy.address())).close();
        }
        heapAtRest = proxy.liveHeap();
    }

    @AfterEach
    void leave() throws Exception {
        attacking.shutdownNow();
        assertThat(attacking.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        for (SocketChannel attacker : attackers) {
            attacker.close();
        }
        Await.until("the proxy has closed its ends", () -> proxy.descriptors() < AT_REST);
        // Their last lines may still be on their way to the trail.
        Await.until("little is left of what they held", AttackIT::isNearRest);
    }

    private static boolean isNearRest() {
        try {
            return proxy.liveHeap() - heapAtRest < LEFT_BEHIND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hellos_that_lack_their_last_byte_stop_nobody() throws Exception {
        byte[] hello = Hellos.padded(Rig.HOST, 1 << 14);
        attack(7, 980, HEAD, Arrays.copyOf(hello, hello.length - 1));
    }

    @Test
    void heads_that_lack_their_last_byte_stop_nobody() throws Exception {
        String line = "X-Padding: " + "x".repeat(8_000) + "\r\n";
        attack(
                10,
                980,
                HEAD,
                (new String(HEAD, US_ASCII).substring(0, HEAD.length - 2) + line + line).getBytes(US_ASCII));
    }

    @Test
    void tunnels_with_the_largest_hello_stop_nobody_and_cost_little() throws Exception {
        long before = proxy.liveHeap();
        attack(3, 995, HEAD, Hellos.padded(Rig.HOST, 1 << 14));
        assertThat((proxy.liveHeap() - before) / attackers.size())
                .as("bytes of live heap for a tunnel")
                .isLessThan(24 * 1024);
    }

    @Test
    void connections_that_say_nothing_stop_nobody() throws Exception {
        attack(10, 995);
    }

    /** So many from each of some addresses say these things, up to five thousand a second, and stay. */
    private void attack(int addresses, int each, byte[]... said) throws Exception {
        List<Duration> waits = new ArrayList<>();
        try (RawClient tunnel = open(new RawClient(proxy.address()))) {
            Future<?> attack = attacking.submit(() -> {
                for (int i = 0; i < addresses * each; i++) {
                    come(2 + i % addresses, said);
                    if (i % 100 == 0) {
                        Thread.sleep(20);
                    }
                }
                return null;
            });
            while (!attack.isDone()) {
                waits.add(served());
                assertAlive(tunnel);
            }
            attack.get();
            for (int i = 0; i < 10; i++) {
                waits.add(served());
                assertAlive(tunnel);
            }
            assertThat(waits).allMatch(wait -> wait.compareTo(KONG_WAITS) < 0);
            assertThat(waits.stream().sorted().toList().get(waits.size() * 9 / 10))
                    .isLessThan(IN_TIME);
            assertThat(proxy.hasEndedWithin(Duration.ZERO)).isFalse();
        }
    }

    private void come(int host, byte[]... said) throws IOException {
        SocketChannel channel = SocketChannel.open();
        attackers.add(channel);
        channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), 0));
        channel.connect(proxy.address());
        for (byte[] bytes : said) {
            // Whoever is refused may be reset while it still writes.
            write(channel, bytes);
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset").isNotNull();
        }
    }

    /** How long an honest client waits for its first answer from the upstream. */
    private static Duration served() throws Exception {
        long begun = System.nanoTime();
        open(new RawClient(proxy.address())).close();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static RawClient open(RawClient client) throws Exception {
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        client.say(HELLO).say(ORDER);
        assertAlive(client);
        return client;
    }

    private static void assertAlive(RawClient client) throws Exception {
        Socket socket = client.socket();
        client.say("ping");
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(5));
        assertThat(new String(socket.getInputStream().readNBytes(4), US_ASCII)).isEqualTo("ping");
    }
}
