package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.demo.StandInAnswer;
import io.konnectproxy.server.demo.StandInDns;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.FreePort;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.LiveEvents;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import io.konnectproxy.support.RunningProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What watching costs, and that tunnels do not notice it. The figures of docs/performance.md are of a run by hand with
 * {@code -Dlive.tunnels=5000 -Dlive.decisions=1000 -Dlive.seconds=10 -Dlive.rounds=3}, which prints what it measures.
 */
@Timeout(300)
@Alone
class LiveLoadIT {
    private static final boolean BY_HAND = System.getProperty("live.tunnels") != null;
    private static final int TUNNELS = Integer.getInteger("live.tunnels", 300);
    /** A second. */
    private static final int DECISIONS = Integer.getInteger("live.decisions", 100);

    private static final int SECONDS = Integer.getInteger("live.seconds", 1);
    private static final int ROUNDS = Integer.getInteger("live.rounds", 1);
    private static final int VIEWERS = 16;

    private final ExecutorService others = Executors.newCachedThreadPool();
    private volatile boolean over;

    @AfterEach
    void end() throws InterruptedException {
        over = true;
        others.shutdownNow();
        assertThat(others.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void viewers_cost_little_and_tunnels_do_not_wait_for_them(@TempDir Path directory) throws Exception {
        try (EchoingRig rig = new EchoingRig(directory)) {
            List<RawClient> tunnels = new ArrayList<>();
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(rig.openTunnel());
            }
            others.execute(() -> visit(rig));
            RawClient measured = tunnels.get(0);
            roundTrips(measured, Duration.ofSeconds(SECONDS));
            for (int round = 0; round < ROUNDS; round++) {
                watched(rig, measured, 0);
                watched(rig, measured, 1);
                watched(rig, measured, VIEWERS);
            }
            assertShowsSomeOfMany(rig);
            for (RawClient tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    private static void assertShowsSomeOfMany(EchoingRig rig) throws IOException {
        try (LiveEvents viewer = new LiveEvents(rig.admin)) {
            JsonNode shown = viewer.next("state").path("tunnels");
            viewer.next("decisions");
            JsonNode decisions = viewer.next("decisions");
            assertThat(decisions.path("shown").size()).isBetween(1, 50);
            assertThat(decisions.path("more").asLong() + decisions.path("shown").size())
                    .as("decisions in about a second")
                    .isBetween(DECISIONS / 4L, 4L * DECISIONS);
            assertThat(shown.path("open").asInt()).isGreaterThanOrEqualTo(TUNNELS);
            assertThat(shown.path("shown")).hasSize(200);
            assertThat(shown.path("more").asInt())
                    .isEqualTo(shown.path("matching").asInt() - 200);
        }
    }

    /** The proxy in a process of its own, so that each has the file descriptors for 5,000 tunnels. */
    private static final class EchoingRig implements AutoCloseable {
        private final Origin origin =
                Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
        private final StandInDns dns = StandInDns.start(question -> StandInAnswer.of("127.0.0.1"));
        private final InetSocketAddress admin;
        private final RunningProxy proxy;

        EchoingRig(Path directory) throws IOException {
            admin = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.number());
            proxy = RunningProxy.start(
                    directory,
                    dns,
                    origin.port(),
                    List.of("-Xmx512m"),
                    "limits: {tunnels: 7000, tunnels-per-client: 7000, pending-per-client: 1000}\n"
                            + "dns: {servers: [\"DNS\"]}\nadmin: {address: \"127.0.0.1:" + admin.getPort() + "\"}\n");
        }

        RawClient openTunnel() throws IOException {
            RawClient client = new RawClient(proxy.address());
            assertThat(client.connect(Rig.HOST).answer().status()).isEqualTo(200);
            byte[] hello = Hellos.naming(Rig.HOST);
            client.say(hello);
            assertThat(client.socket().getInputStream().readNBytes(hello.length))
                    .isEqualTo(hello);
            return client;
        }

        /** Nanoseconds that the thread has taken that renders. */
        long cpuOfRendering() throws IOException {
            try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(proxy.pid()), "task"))) {
                return threads.mapToLong(EchoingRig::cpuIfRendering).sum();
            }
        }

        private static long cpuIfRendering(Path thread) {
            try {
                String[] stat = Files.readString(thread.resolve("stat")).split("[()]", -1);
                String[] figures = stat[2].strip().split(" ", -1);
                return stat[1].startsWith("live-page")
                        ? (Long.parseLong(figures[11]) + Long.parseLong(figures[12]))
                                * TimeUnit.MILLISECONDS.toNanos(10)
                        : 0;
            } catch (IOException e) {
                // It has just ended.
                return 0;
            }
        }

        @Override
        public void close() throws IOException {
            proxy.close();
            origin.close();
            dns.close();
        }
    }

    private void watched(EchoingRig rig, RawClient measured, int viewers) throws Exception {
        AtomicInteger events = new AtomicInteger();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < viewers; i++) {
            Socket socket = new Socket(rig.admin.getAddress(), rig.admin.getPort());
            sockets.add(socket);
            // Each finds all of them with a query of its own, so none shares what is rendered with another one.
            socket.getOutputStream()
                    .write(("GET /live?find=" + "127.0.0.1".substring(0, 1 + i / 2) + "&sort="
                                    + (i % 2 == 0 ? "rate" : "-host") + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            .getBytes(US_ASCII));
            others.execute(() -> count(socket, events));
        }
        long cpu = rig.cpuOfRendering();
        long begin = System.nanoTime();
        long[] watched = roundTrips(measured, Duration.ofSeconds(SECONDS));
        double share = (rig.cpuOfRendering() - cpu) / (double) (System.nanoTime() - begin);
        say(viewers + " viewers", watched, share);
        assertThat(events).hasValueGreaterThanOrEqualTo(viewers * SECONDS / 2);
        assertThat(share).as("share of a core").isLessThan(0.5);
        assertThat(watched[watched.length / 2]).as("median, nanoseconds").isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void say(String who, long[] times, double share) {
        if (BY_HAND) {
            System.out.printf(
                    "%s: %d round trips, p50 %d us, p99 %d us, longest %d us; rendering takes %.4f of a core%n",
                    who,
                    times.length,
                    times[times.length / 2] / 1000,
                    times[times.length * 99 / 100] / 1000,
                    times[times.length - 1] / 1000,
                    share);
        }
    }

    /** Of 64 bytes, a hundred a second; sorted. */
    private static long[] roundTrips(RawClient tunnel, Duration time) throws IOException {
        List<Long> times = new ArrayList<>();
        byte[] message = new byte[64];
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            long begin = System.nanoTime();
            tunnel.say(message);
            assertThat(tunnel.socket().getInputStream().readNBytes(message.length))
                    .hasSize(message.length);
            times.add(System.nanoTime() - begin);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return times.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static void count(Socket socket, AtomicInteger events) {
        byte[] bytes = new byte[1 << 16];
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (new String(bytes, 0, read, US_ASCII).contains("event: state")) {
                    events.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // The test has closed it.
        }
    }

    /** Permitted requests, which always have lines. */
    private void visit(EchoingRig rig) {
        long next = System.nanoTime();
        while (!over) {
            try (RawClient client = new RawClient(rig.proxy.address())) {
                client.connect(Rig.HOST).answer();
            } catch (IOException e) {
                return;
            }
            next += TimeUnit.SECONDS.toNanos(1) / DECISIONS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }
}
