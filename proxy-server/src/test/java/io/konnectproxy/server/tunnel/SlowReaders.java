package io.konnectproxy.server.tunnel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Pem;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Many that read nothing, at first, before a proxy with little memory. */
final class SlowReaders implements AutoCloseable {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int TUNNELS = 40;
    /** With what one slow reader alone may keep waiting, forty would need several times as much. */
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=24m");

    /** For each: more than the kernel keeps on the way, which was 4.2 to 5.1 million bytes here. */
    private static final byte[] MUCH = new byte[8 * 1024 * 1024];

    static {
        new Random(1).nextBytes(MUCH);
    }

    private final Path directory;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch readOn = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();

    SlowReaders(Path directory) {
        this.directory = directory;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One side of a tunnel and what it does with its socket. */
    private interface Part {
        void play(Socket socket) throws IOException, InterruptedException;
    }

    /** What the proxy holds for all clients together is bounded, an honest tunnel is served beside them, and no byte is lost. */
    void clientsStopNobody() throws Exception {
        stopNobody(false, this::sendMuch, this::readLater);
    }

    /** The same of upstreams. */
    void upstreamsStopNobody() throws Exception {
        stopNobody(false, this::readLater, this::sendMuch);
    }

    /** The same of clients, where TLS reads: parts of records wait besides all that waits elsewhere. */
    void clientsStopNobodyBehindTls() throws Exception {
        stopNobody(true, this::sendMuch, this::readLater);
    }

    private Origin origin(boolean tlsParent, Origin.Conversation conversation) throws Exception {
        return tlsParent
                ? Origin.overQuickTls(Rig.CA.serverContext(List.of("proxy.example")), socket -> {
                    StringBuilder head = new StringBuilder();
                    while (head.indexOf("\r\n\r\n") < 0) {
                        head.append((char) socket.getInputStream().read());
                    }
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                    conversation.with(socket);
                })
                : Origin.plain(conversation);
    }

    private String parent(Origin origin) throws Exception {
        Path trust = Files.writeString(directory.resolve("ca.crt"), Pem.of(Rig.CA.certificate()));
        return "parents: [{url: \"https://proxy.example:" + origin.port() + "\", trust: \"" + trust + "\"}]\n";
    }

    private void stopNobody(boolean tlsParent, Part upstreams, Part clients) throws Exception {
        List<RawClient> tunnels = new ArrayList<>();
        try (Origin origin = origin(tlsParent, socket -> {
                    assertThat(socket.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
                    if (socket.getInputStream().read() == 'h') {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } else {
                        upstreams.play(socket);
                    }
                });
                StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
                RunningProxy proxy = RunningProxy.start(
                        directory,
                        dns,
                        origin.port(),
                        Stream.concat(RunningProxy.quick().stream(), LITTLE_MEMORY.stream())
                                .toList(),
                        "dns: {servers: [\"DNS\"]}\n" + (tlsParent ? parent(origin) : ""))) {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < TUNNELS; i++) {
                RawClient tunnel = open(proxy, 's');
                tunnels.add(tunnel);
                parts.add(threads.submit(() -> {
                    clients.play(tunnel.socket());
                    return null;
                }));
            }
            awaitStandstill();
            assertHonestTunnelIsServed(proxy);
            readOn.countDown();
            for (Future<?> part : parts) {
                part.get();
            }
            Await.until("all is sent", () -> sent.get() == (long) TUNNELS * MUCH.length);
            assertHonestTunnelIsServed(proxy);
            proxy.signal();
            assertThat(proxy.rest()).noneMatch(line -> line.contains("ERROR"));
        } finally {
            for (RawClient tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    /** {@code kind} is the first byte behind the hello; the upstream does as it says. */
    private static RawClient open(RunningProxy proxy, char kind) throws IOException {
        RawClient client = new RawClient(proxy.address());
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        client.say(HELLO).say(String.valueOf(kind));
        return client;
    }

    private void sendMuch(Socket socket) throws IOException {
        socket.setSendBufferSize(64 * 1024);
        for (int at = 0; at < MUCH.length; at += 64 * 1024) {
            socket.getOutputStream().write(MUCH, at, 64 * 1024);
            sent.addAndGet(64 * 1024);
        }
        socket.shutdownOutput();
        assertThat(socket.getInputStream().read()).isNegative();
    }

    private void readLater(Socket socket) throws IOException, InterruptedException {
        socket.setReceiveBufferSize(64 * 1024);
        readOn.await();
        assertGets(socket, MUCH, 0, MUCH.length);
        assertThat(socket.getInputStream().read()).as("the end").isNegative();
        socket.shutdownOutput();
    }

    /** When nothing has moved for a while, all buffers on the way are full. */
    private void awaitStandstill() {
        long before;
        do {
            before = sent.get();
            LockSupport.parkNanos(500_000_000);
        } while (sent.get() != before || before == 0);
        assertThat(before).as("somebody waits").isLessThan((long) TUNNELS * MUCH.length);
    }

    private static void assertHonestTunnelIsServed(RunningProxy proxy) throws Exception {
        try (RawClient honest = open(proxy, 'h')) {
            for (int at = 0; at < 1024 * 1024; at += 64 * 1024) {
                honest.socket().getOutputStream().write(MUCH, at, 64 * 1024);
                assertGets(honest.socket(), MUCH, at, at + 64 * 1024);
            }
        }
    }

    /** Piece by piece: all that forty clients get would be much to keep. */
    private static void assertGets(Socket socket, byte[] wanted, int from, int to) throws IOException {
        byte[] got = new byte[64 * 1024];
        int length;
        for (int at = from; at < to; at += length) {
            length = socket.getInputStream().readNBytes(got, 0, Math.min(got.length, to - at));
            assertThat(Arrays.equals(got, 0, length, wanted, at, at + length))
                    .as("the bytes from " + at + " on")
                    .isTrue();
            assertThat(length).as("it goes on at " + at).isPositive();
        }
    }
}
