package io.konnectproxy.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.live.RecentDecisions;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.PageStage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Others hold all the connections that there are, from the probe's own address, whatever they do with them. */
@Timeout(60)
@Alone
class AdminFloodIT {
    private static final String REQUEST = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String PAGE = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String EVENTS = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    /** More than the metrics of any proxy. */
    private static final int DOCUMENT = 1 << 20;

    private static final int THREADS = 4;
    private static final int PROBES = 10;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Thread> flood = new ArrayList<>();
    private volatile boolean over;
    private AdminServer server;

    /** What an attacker does with a connection each time that it comes to it. Closed ones are opened again. */
    enum Attack {
        IDLES(1000, "", true),
        DRIPS(500, "x", true),
        ASKS_AGAIN_AND_AGAIN(200, REQUEST, true),
        PIPELINES_THOUSANDS(100, REQUEST.repeat(3000), true),
        NEVER_READS(100, REQUEST.repeat(3000), false),
        SCRAPES(100, SCRAPE, true),
        LOADS_THE_PAGE(100, PAGE, true),
        WATCHES(100, EVENTS, true),
        WATCHES_AND_NEVER_READS(100, EVENTS, false),
        SCRAPES_AND_NEVER_READS(100, SCRAPE.repeat(100), false);

        private final int connections;
        private final String bytes;
        private final boolean reads;

        Attack(int connections, String bytes, boolean reads) {
            this.connections = connections;
            this.bytes = bytes;
            this.reads = reads;
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                loops.next(),
                List::of,
                format -> new byte[DOCUMENT],
                PageStage.of(
                        () -> PageAccess.of(Optional.empty()), () -> PageStage.facts("test"), new RecentDecisions()));
        // What has to be loaded is.
        assertThat(probe("/readyz")).startsWith("HTTP/1.1 200 OK");
    }

    @AfterEach
    void stop() throws Exception {
        over = true;
        for (Thread thread : flood) {
            thread.join();
        }
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void every_probe_is_answered_within_a_second(Attack attack) throws Exception {
        CountDownLatch begun = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> run(attack, begun));
            flood.add(thread);
            thread.start();
        }
        assertThat(begun.await(20, TimeUnit.SECONDS)).as("all are connected").isTrue();
        for (int i = 0; i < PROBES; i++) {
            long begin = System.nanoTime();
            assertThat(probe(i % 2 == 0 ? "/healthz" : "/readyz")).startsWith("HTTP/1.1 200 OK");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
    }

    private String probe(String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(5_000);
            socket.connect(server.address(), 5_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private void run(Attack attack, CountDownLatch begun) {
        long end = System.nanoTime() + LONGEST.toNanos();
        SocketChannel[] held = new SocketChannel[attack.connections / THREADS];
        for (int i = 0; i < held.length; i++) {
            held[i] = opened();
        }
        begun.countDown();
        for (int i = 0; !over && System.nanoTime() < end; i = (i + 1) % held.length) {
            if (!goesOn(held[i], attack)) {
                close(held[i]);
                held[i] = opened();
            }
            // The attackers' own work is not what is in question.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        for (SocketChannel channel : held) {
            close(channel);
        }
    }

    private static boolean goesOn(SocketChannel channel, Attack attack) {
        try {
            channel.write(ByteBuffer.wrap(attack.bytes.getBytes(US_ASCII)));
            return !attack.reads || channel.read(ByteBuffer.allocate(1 << 16)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private SocketChannel opened() {
        try {
            SocketChannel channel = SocketChannel.open(server.address());
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
