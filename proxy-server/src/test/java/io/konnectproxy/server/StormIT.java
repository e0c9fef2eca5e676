package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.konnectproxy.server.soak.EchoOrigin;
import io.konnectproxy.server.soak.Memory;
import io.konnectproxy.server.soak.Storm;
import io.konnectproxy.server.soak.Wave;
import io.konnectproxy.support.Alone;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.Hellos;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.Rig;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Konnect restarts, and every data plane behind the proxy comes back: with the limits and times that the proxy has by
 * default, all are served, none has to come twice.
 */
@Alone
class StormIT {
    private static final int CLIENTS = 3_000;
    /** Kong waits a random 5 to 10 s before it comes back: all of them are there within five. Here they come faster. */
    private static final Duration ARRIVALS = Duration.ofSeconds(2);
    /** Enough to have the code compiled, and the pools filled, before it counts. */
    private static final int FEW = 500;

    private static final Duration KONG_WAITS = Duration.ofSeconds(5);
    /** Client, proxy and upstream are all in this process: a tunnel has four sockets. */
    private static final int SOCKETS = 4;

    private static final int RELOADS = 4;
    private static final Duration MOST_RELOAD = Duration.ofMillis(100);

    private static final long MOST_BYTES = 64 * 1024;

    private final ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();

    /** As in production: on paranoid the detector itself is most of the load. */
    @BeforeEach
    void lookForLeaksNowAndThen() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @AfterEach
    void lookForLeaksAsUsual() {
        ResourceLeakDetector.setLevel(usual);
    }

    @Test
    @Timeout(180)
    void serves_three_thousand_data_planes_that_come_and_come_back() throws Exception {
        int clients = clients();
        try (EchoOrigin upstream = new EchoOrigin();
                Rig rig = new Rig(Origin.mindedElsewhere(upstream.socket()), "");
                Storm storm = new Storm(rig.address(), Rig.HOST, Hellos.naming(Rig.HOST))) {
            // The proxy, its clients and its upstream share this process, and none of them has run yet.
            Wave few = storm.come(FEW, Duration.ofMillis(500));
            assertThat(few.awaitWelcome().problems()).isEmpty();
            few.leave();
            Await.value(rig.proxy()::connections, 0);
            long before = Memory.heap() + Memory.direct();

            Wave first = storm.come(clients, ARRIVALS);
            assertServed(rig, upstream, first, clients);
            upstream.resetAll();
            first.awaitAllGone();
            Await.value(rig.proxy()::connections, 0);

            Wave second = storm.come(clients, ARRIVALS);
            assertServed(rig, upstream, second, clients);
            long each = (Memory.heap() + Memory.direct() - before) / clients;
            System.out.println("storm: " + each + " bytes for an open tunnel, with its client and its upstream");
            assertThat(each).isLessThan(MOST_BYTES);

            assertReloadedAtOnce(rig, second, clients);
            second.leave();
            Await.value(rig.proxy()::connections, 0);
            Await.value(upstream::connections, 0);
            assertLines(rig, FEW + 2 * clients);
        }
    }

    private static void assertServed(Rig rig, EchoOrigin upstream, Wave wave, int clients) throws Exception {
        Wave.Welcome welcome = wave.awaitWelcome();
        System.out.println("storm: " + welcome);
        assertThat(welcome.problems()).isEmpty();
        assertThat(welcome.longest()).isLessThan(KONG_WAITS);
        assertThat(wave.open()).isEqualTo(clients);
        assertThat(rig.proxy().connections()).isEqualTo(clients);
        assertThat(upstream.connections()).isEqualTo(clients);
    }

    /** What all of these tunnels are asked again takes a moment, if nothing else stops the machine, and none of them ends. */
    private static void assertReloadedAtOnce(Rig rig, Wave wave, int clients) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < RELOADS; i++) {
            String changed = i % 2 == 0 ? "regions: [us]\n" : "regions: [us]\ncontrol-planes: [0646a7d680]\n";
            long begun = System.nanoTime();
            assertThat(rig.reload(changed).ended()).isZero();
            times.add(Duration.ofNanos(System.nanoTime() - begun));
        }
        System.out.println("storm: reloaded beside " + clients + " tunnels in " + times);
        assertThat(Collections.min(times)).isLessThan(MOST_RELOAD);
        assertThat(wave.open()).isEqualTo(clients);
    }

    private static void assertLines(Rig rig, int tunnels) throws Exception {
        Await.value(() -> rig.audit().tunnelEnds().size(), tunnels);
        assertThat(rig.audit().decisions())
                .hasSize(tunnels)
                .allMatch(line -> AuditLines.text(line, "verdict").equals("permitted"));
    }

    /** As many as this process may have sockets for; what is missing is said. */
    private static int clients() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return CLIENTS;
        }
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 500;
        if (free >= (long) CLIENTS * SOCKETS) {
            return CLIENTS;
        }
        int fewer = Math.toIntExact(free / SOCKETS);
        System.out.println(
                "storm: only " + fewer + " instead of " + CLIENTS + " data planes, because a process may have "
                        + system.getMaxFileDescriptorCount() + " open files here");
        return fewer;
    }
}
