package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Alone;
import io.konnectproxy.support.LiveEvents;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * What watching costs, and that tunnels do not notice it. The figures of docs/performance.md are of a run by hand with
 * {@code -Dlive.tunnels=5000 -Dlive.decisions=1000 -Dlive.seconds=20}, which prints what it measures.
 */
@Timeout(300)
@Alone
class LiveLoadIT {
    private static final boolean BY_HAND = System.getProperty("live.tunnels") != null;
    private static final int TUNNELS = Integer.getInteger("live.tunnels", 300);
    /** A second. */
    private static final int DECISIONS = Integer.getInteger("live.decisions", 100);

    private static final int SECONDS = Integer.getInteger("live.seconds", 3);
    private static final int VIEWERS = 16;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ExecutorService others = Executors.newCachedThreadPool();
    private volatile boolean over;

    @AfterEach
    void end() throws InterruptedException {
        over = true;
        others.shutdownNow();
        assertThat(others.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void viewers_cost_little_and_tunnels_do_not_wait_for_them() throws Exception {
        Origin echo = Origin.plain(upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream()));
        try (Rig rig = new Rig(
                echo,
                "regions: [us]\nlimits: {tunnels: 20000, tunnels-per-client: 20000, pending-per-client: 1000}\n")) {
            List<RawClient> tunnels = new ArrayList<>();
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(rig.openTunnel());
            }
            others.execute(() -> visit(rig));
            RawClient measured = tunnels.get(0);
            roundTrips(measured, Duration.ofSeconds(SECONDS));
            long[] unwatched = roundTrips(measured, Duration.ofSeconds(SECONDS));
            say("nobody", unwatched, 0);
            for (int viewers : new int[] {1, VIEWERS}) {
                watched(rig, measured, viewers);
            }
            JsonNode state;
            try (LiveEvents viewer = new LiveEvents(rig.proxy().admin())) {
                state = viewer.next("state");
                viewer.next("decisions");
                JsonNode decisions = viewer.next("decisions");
                assertThat(decisions.path("shown").size()).isBetween(1, 50);
                assertThat(decisions.path("more").asLong()
                                + decisions.path("shown").size())
                        .as("decisions in about a second")
                        .isBetween(DECISIONS / 4L, 4L * DECISIONS);
            }
            JsonNode shown = state.path("tunnels");
            assertThat(shown.path("open").asInt()).isGreaterThanOrEqualTo(TUNNELS);
            assertThat(shown.path("shown")).hasSize(200);
            assertThat(shown.path("more").asInt())
                    .isEqualTo(shown.path("matching").asInt() - 200);
            assertThat(shown.path("shown").path(0).path("id").asString())
                    .as("the busiest first")
                    .isNotEmpty();
            for (RawClient tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    private void watched(Rig rig, RawClient measured, int viewers) throws Exception {
        AtomicInteger events = new AtomicInteger();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < viewers; i++) {
            Socket socket = new Socket(
                    rig.proxy().admin().getAddress(), rig.proxy().admin().getPort());
            sockets.add(socket);
            // None of them shares what is rendered with another one.
            socket.getOutputStream()
                    .write(("GET /live?find=127.0.0." + "1".repeat(i % 2) + "&sort=" + (i % 3 == 0 ? "rate" : "-host")
                                    + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            .getBytes(US_ASCII));
            others.execute(() -> count(socket, events));
        }
        long cpu = cpuOfRendering();
        long begin = System.nanoTime();
        long[] watched = roundTrips(measured, Duration.ofSeconds(SECONDS));
        double share = (cpuOfRendering() - cpu) / (double) (System.nanoTime() - begin);
        say(viewers + " viewers", watched, share);
        assertThat(events).hasValueGreaterThanOrEqualTo(viewers * (SECONDS - 1));
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

    private static long cpuOfRendering() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("live-page"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(THREADS::getThreadCpuTime)
                .sum();
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
    private void visit(Rig rig) {
        long next = System.nanoTime();
        while (!over) {
            try (RawClient client = rig.client()) {
                client.connect(Rig.HOST).answer();
            } catch (IOException e) {
                return;
            }
            next += TimeUnit.SECONDS.toNanos(1) / DECISIONS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }
}
