package io.konnectproxy.server.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.server.listener.TunnelServer;
import io.konnectproxy.server.splice.CountedCalls;
import io.konnectproxy.server.splice.PipedBytes;
import io.konnectproxy.server.splice.Pipes;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.FailingUpstream;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.TestTrail;
import io.konnectproxy.support.TunnelRig;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels that share few pipes: none keeps one, and none gets the bytes of another. */
class PipedRelayIT {
    private static final byte[] HELLO = Hellos.naming(Rig.HOST);
    private static final int PIPES = 2;
    private static final int CHUNK = 8 * 1024;
    private static final int MUCH = 4 * 1024 * 1024;

    private final CountedCalls calls = new CountedCalls();
    private final Pipes pipes = Pipes.with(calls, PIPES, 1);
    private final TestTrail trail = TestTrail.taking();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void everyPipeIsClosed() {
        threads.shutdownNow();
        Await.until("no pipe is open", () -> calls.open() == 0 && pipes.open() == 0);
    }

    private TunnelRig rig(Origin origin) throws Exception {
        return rig(origin, "");
    }

    private TunnelRig rig(Origin origin, String timeouts) throws Exception {
        return new TunnelRig(trail, origin.port(), timeouts, most -> pipes);
    }

    private static RawClient open(TunnelRig rig) throws Exception {
        RawClient client = rig.client();
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client.say(HELLO);
    }

    /** What ends a tunnel in whose pipe bytes wait. */
    private interface End {
        void of(Socket client, Socket upstream, TunnelRig rig) throws Exception;
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                end("the reader resets", (client, upstream, rig) -> FailingUpstream.Fault.RESETS.strike(client)),
                end("the reader closes", (client, upstream, rig) -> client.close()),
                end("the writer resets", (client, upstream, rig) -> FailingUpstream.Fault.RESETS.strike(upstream)),
                end("both reset", (client, upstream, rig) -> {
                    FailingUpstream.Fault.RESETS.strike(client);
                    FailingUpstream.Fault.RESETS.strike(upstream);
                }),
                end("the reader half-closes, and the writer resets", (client, upstream, rig) -> {
                    client.shutdownOutput();
                    FailingUpstream.Fault.RESETS.strike(upstream);
                }),
                end("the writer half-closes, and the reader resets", (client, upstream, rig) -> {
                    upstream.shutdownOutput();
                    FailingUpstream.Fault.RESETS.strike(client);
                }),
                end("the idle time is over", (client, upstream, rig) -> {}),
                end("the proxy drains", (client, upstream, rig) -> rig.drain(Duration.ofMillis(20))),
                end("the proxy ends", (client, upstream, rig) -> rig.close()));
    }

    private static Arguments end(String what, End end) {
        return arguments(what, end);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void a_pipe_with_bytes_in_it_is_closed_with_its_tunnel(String what, End end) throws Exception {
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Socket[] upstream = new Socket[1];
        try (Origin origin = Origin.plain(socket -> {
                    upstream[0] = socket;
                    socket.getInputStream().readNBytes(HELLO.length);
                    FailingUpstream.floodUntilItStands(socket);
                    standing.countDown();
                    over.await();
                });
                TunnelRig rig = rig(origin, "timeouts: {idle: 2s}\n");
                RawClient client = open(rig)) {
            standing.await();
            Await.until("bytes wait in a pipe", () -> rig.server().held() > 16 * 1024);
            assertThat(pipes.open()).isBetween(1, PIPES);
            end.of(client.socket(), upstream[0], rig);
            rig.awaitNoConnections();
            Await.until("its pipe is closed", () -> pipes.open() < PIPES);
            Await.until("nothing counts", () -> rig.server().held() == 0);
            assertThat(trail.nextEnd()).isNotNull();
        } finally {
            over.countDown();
        }
    }

    /** Each upstream sends bytes of its own, and some tunnels are cut at any moment. */
    @Test
    void no_tunnel_gets_a_byte_of_another() throws Exception {
        int tunnels = 12;
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    byte[] own = new byte[64 * 1024];
                    Arrays.fill(own, (byte) socket.getInputStream().read());
                    for (int sent = 0; sent < MUCH; sent += own.length) {
                        socket.getOutputStream().write(own);
                    }
                });
                TunnelRig rig = rig(origin)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < tunnels; i++) {
                int number = i;
                // No type of a TLS record, which would have to be read whole.
                byte own = (byte) (100 + i);
                all.add(threads.submit(() -> {
                    try (RawClient client = open(rig)) {
                        client.say(new byte[] {own});
                        // Two of three are cut somewhere.
                        int until = number % 3 == 0
                                ? MUCH
                                : ThreadLocalRandom.current().nextInt(MUCH);
                        assertOnly(own, client.socket().getInputStream(), until);
                        if (number % 3 == 1) {
                            FailingUpstream.Fault.RESETS.strike(client.socket());
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> each : all) {
                each.get();
            }
            rig.awaitNoConnections();
            assertThat(calls.moved()).as("bytes that went through pipes").isGreaterThan(MUCH);
            assertThat(trail.tunnelEnds()).isEqualTo(tunnels);
        }
    }

    private static void assertOnly(byte expected, InputStream from, int until) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        for (int seen = 0; seen < until; ) {
            int read = from.read(chunk, 0, Math.min(chunk.length, until - seen));
            assertThat(read).isPositive();
            for (int i = 0; i < read; i++) {
                if (chunk[i] != expected) {
                    throw new AssertionError("byte " + (seen + i) + " is " + chunk[i] + ", not " + expected);
                }
            }
            seen += read;
        }
    }

    /** What waits behind bytes that a slow reader has taken counts on, in a buffer and in a pipe. */
    @Test
    void bytes_behind_those_that_were_taken_count_still() throws Exception {
        PipedBytes one = Objects.requireNonNull(pipes.lend(UnpooledByteBufAllocator.DEFAULT, MUCH));
        PipedBytes other = Objects.requireNonNull(pipes.lend(UnpooledByteBufAllocator.DEFAULT, MUCH));
        BlockingQueue<Socket> upstream = new LinkedBlockingQueue<>();
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    upstream.add(socket);
                    over.await();
                });
                TunnelRig rig = rig(origin);
                RawClient client = slow(rig)) {
            Socket writer = upstream.take();
            onlyClient(rig).config().setOption(ChannelOption.SO_SNDBUF, 32 * 1024);
            Tunnel tunnel = onlyTunnel(rig);
            long idle = rig.server().held();
            while (waiting(rig).pending() < 300_000) {
                pass(writer, tunnel);
            }
            one.release();
            other.release();
            pass(writer, tunnel);
            assertThat(calls.moved()).as("bytes in a pipe").isEqualTo(CHUNK);
            for (Waiting now = waiting(rig); now.pending() > 0; now = waiting(rig)) {
                assertThat(now.held() - idle)
                        .as("what counts of " + now.pending() + " bytes and some in a pipe")
                        .isGreaterThan(now.pending());
                client.socket().getInputStream().readNBytes(CHUNK);
            }
            assertThat(rig.server().held()).isLessThanOrEqualTo(idle);
            assertThat(calls.moved()).isEqualTo(2 * CHUNK);
        } finally {
            over.countDown();
        }
    }

    /** Writes some bytes, and waits until the proxy has them. */
    private static void pass(Socket upstream, Tunnel tunnel) throws IOException {
        long before = tunnel.bytesDown();
        upstream.getOutputStream().write(new byte[CHUNK]);
        Await.until("the proxy has read", () -> tunnel.bytesDown() == before + CHUNK);
    }

    private static Tunnel onlyTunnel(TunnelRig rig) throws Exception {
        CompletableFuture<Tunnel> found = new CompletableFuture<>();
        onlyClient(rig).pipeline().fireUserEventTriggered(new Census((tunnel, client) -> found.complete(tunnel)));
        return found.get();
    }

    /** It takes little at a time. */
    private static RawClient slow(TunnelRig rig) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(rig.server().addresses().get(0));
        RawClient client = new RawClient(socket);
        assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
        return client.say(HELLO);
    }

    /**
     * @param pending what Netty counts that the only client has not taken
     * @param held what the proxy counts at the same moment
     */
    private record Waiting(long pending, long held) {}

    private static Channel onlyClient(TunnelRig rig) throws ReflectiveOperationException {
        Field clients = TunnelServer.class.getDeclaredField("clients");
        clients.setAccessible(true);
        return ((ChannelGroup) clients.get(rig.server())).iterator().next();
    }

    private static Waiting waiting(TunnelRig rig) throws Exception {
        Channel client = onlyClient(rig);
        return client.eventLoop()
                .submit(() -> new Waiting(
                        client.unsafe().outboundBuffer().totalPendingWriteBytes(),
                        rig.server().held()))
                .get();
    }

    /** Those who read nothing keep all pipes there are. The others are served all the same: their bytes are copied. */
    @Test
    void slow_readers_with_all_pipes_stop_nobody() throws Exception {
        CountDownLatch standing = new CountDownLatch(PIPES);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    if (socket.getInputStream().read() == 's') {
                        FailingUpstream.floodUntilItStands(socket);
                        standing.countDown();
                    }
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                TunnelRig rig = rig(origin)) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < PIPES; i++) {
                slow.add(open(rig).say("s"));
            }
            standing.await();
            Await.until("all pipes are lent", () -> pipes.open() == PIPES);
            byte[] question = new byte[100_000];
            ThreadLocalRandom.current().nextBytes(question);
            try (RawClient honest = open(rig).say("h")) {
                honest.say(question);
                assertThat(honest.socket().getInputStream().readNBytes(question.length))
                        .isEqualTo(question);
            }
            for (RawClient each : slow) {
                each.close();
            }
            rig.awaitNoConnections();
        }
    }

    /**
     * Urgent data make a socket readable, and splice(2) stops before them. A read goes over them, and the loop must neither turn
     * meanwhile nor stand.
     */
    @Test
    void urgent_data_neither_stop_a_tunnel_nor_keep_its_loop_busy() throws Exception {
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                TunnelRig rig = rig(origin);
                RawClient client = open(rig)) {
            for (int round = 0; round < 3; round++) {
                client.say("before").socket().sendUrgentData('!');
                assertThat(client.socket().getInputStream().readNBytes(6))
                        .asString()
                        .isEqualTo("before");
                int splices = calls.splices();
                Thread.sleep(100);
                assertThat(calls.splices() - splices).as("calls in vain").isLessThan(50);
                client.say("behind");
                assertThat(client.socket().getInputStream().readNBytes(6))
                        .asString()
                        .isEqualTo("behind");
            }
        }
    }

    /** splice(2) tells the end of a stream as soon as it comes to urgent data that stand in front of it. */
    @Test
    void nothing_is_lost_between_urgent_data_and_the_end() throws Exception {
        BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    socket.getOutputStream().write('k');
                    received.add(socket.getInputStream().readAllBytes().length);
                });
                TunnelRig rig = rig(origin)) {
            for (int i = 0; i < 10; i++) {
                try (RawClient client = open(rig)) {
                    assertThat(client.socket().getInputStream().read()).isEqualTo('k');
                    client.say(new byte[1000]).socket().sendUrgentData('!');
                    client.say(new byte[50_000]).socket().shutdownOutput();
                    assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(51_000);
                }
            }
        }
    }

    /** Small exchanges cost no more calls than before. */
    @Test
    void only_large_reads_go_through_a_pipe() throws Exception {
        Pipes ofLargeReads = Pipes.with(calls, PIPES, 64 * 1024);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                TunnelRig rig = new TunnelRig(trail, origin.port(), "", most -> ofLargeReads)) {
            try (RawClient client = open(rig)) {
                for (int i = 0; i < 50; i++) {
                    client.say("ping");
                    assertThat(client.socket().getInputStream().readNBytes(4)).hasSize(4);
                }
                assertThat(calls.splices()).isZero();
                Future<Void> writing = threads.submit(() -> {
                    client.say(new byte[MUCH]);
                    client.socket().shutdownOutput();
                    return null;
                });
                assertThat(client.rest()).hasSize(MUCH);
                writing.get();
            }
            assertThat(calls.moved()).isGreaterThan(MUCH / 2);
            assertThat(trail.nextEnd().bytesDown()).isEqualTo(200 + MUCH);
        }
    }

    /** What watches the handshake looks at buffers; behind it, TLS inside a tunnel is bytes like any. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tls_inside_a_tunnel_goes_through_a_pipe_behind_its_handshake(String version) throws Exception {
        try (Origin origin = Origin.secured(
                        Rig.CA.serverContext(List.of(Rig.HOST)),
                        socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
                TunnelRig rig = rig(origin);
                RawClient client = rig.client()) {
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            SSLSocket tls = (SSLSocket)
                    Rig.CA.clientContext().getSocketFactory().createSocket(client.socket(), Rig.HOST, 443, true);
            tls.setEnabledProtocols(new String[] {version});
            Future<Void> writing = threads.submit(() -> {
                tls.getOutputStream().write(new byte[MUCH]);
                return null;
            });
            assertThat(tls.getInputStream().readNBytes(MUCH)).hasSize(MUCH);
            writing.get();
            tls.close();
            assertThat(trail.nextEnd().handshake().end()).isEqualTo(AuditRecord.Handshake.HandshakeEnd.COMPLETED);
            // In and out, up and down.
            assertThat(calls.moved()).isGreaterThan(3L * MUCH);
        }
    }

    /** What the system refuses is seen with bytes on their way: none may be lost. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"it may not, 1, false", "it has no memory now, 12, true"})
    void a_tunnel_goes_on_where_the_system_does_not_splice(String why, int error, boolean askedAgain) throws Exception {
        calls.refuseSplice(error);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    socket.getInputStream().transferTo(socket.getOutputStream());
                });
                TunnelRig rig = rig(origin);
                RawClient client = open(rig)) {
            for (int round = 0; round < 3; round++) {
                client.say("hello");
                assertThat(client.socket().getInputStream().readNBytes(5))
                        .asString()
                        .isEqualTo("hello");
            }
            assertThat(calls.splices() > 1).isEqualTo(askedAgain);
        }
    }

    /** As in the image: loaded for the first large read, by the JDK. */
    @Test
    @EnabledForJreRange(minVersion = 22)
    void the_jdks_own_calls_are_loaded_for_the_first_large_read() throws Exception {
        Pipes ofTheSystem = Pipes.ofTheSystem(PIPES);
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin = Origin.plain(socket -> {
                    socket.getInputStream().readNBytes(HELLO.length);
                    OutputStream out = socket.getOutputStream();
                    while (over.getCount() > 0) {
                        out.write(new byte[1024 * 1024]);
                    }
                });
                TunnelRig rig = new TunnelRig(trail, origin.port(), "", most -> ofTheSystem);
                RawClient client = open(rig)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (ofTheSystem.open() == 0 && System.nanoTime() < end) {
                assertOnly((byte) 0, client.socket().getInputStream(), 1024 * 1024);
            }
            assertThat(ofTheSystem.open()).isPositive();
            over.countDown();
            client.rest();
        }
        assertThat(ofTheSystem.open()).isZero();
    }
}
