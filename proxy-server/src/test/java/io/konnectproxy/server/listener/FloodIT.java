package io.konnectproxy.server.listener;

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
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Those who take all they can get, and give nothing back: the limits hold in the thousands, at little cost each. */
@Alone
class FloodIT {
    /** The limit by default, for one address. */
    private static final int OF_ONE = 1_000;

    /** Those of them that may have no verdict. */
    private static final int PENDING = 100;

    private static final int TOO_MANY = 500;
    private static final long MOST_BYTES = 16 * 1024;

    private final List<Socket> flood = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Socket socket : flood) {
            socket.close();
        }
    }

    @Test
    void of_silent_connections_of_one_address_the_newest_stay_and_they_cost_little() throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "timeouts: {head: 5m}\n")) {
            assertThat(rig.served()).isEqualTo("served");
            Await.value(rig.proxy()::connections, 0);
            long before = Memory.heap() + Memory.direct();
            flood(rig, 2, PENDING + TOO_MANY);
            Await.value(() -> refused(rig, "client_tunnel_limit"), TOO_MANY);
            // A refused one has its line before it is closed.
            Await.value(rig.proxy()::connections, PENDING);
            assertThat(rig.served()).isEqualTo("served");
            long each = (Memory.heap() + Memory.direct() - before) / (PENDING + TOO_MANY);
            assertThat(each).isLessThan(MOST_BYTES);
            // Two event loops may let them in in another order than they came.
            for (Socket old : flood.subList(0, TOO_MANY / 2)) {
                old.setSoTimeout(5_000);
                assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 429 ");
            }
        }
    }

    /** The client keeps its end open for ever; the proxy must not. */
    @Test
    void those_that_are_refused_hold_no_file_descriptor_for_long() throws Exception {
        try (Rig rig =
                new Rig(Origin.tls(Rig.CA, Rig.HOST), "limits: {tunnels-per-client: 1, refusals-per-minute: 500}\n")) {
            flood(rig, 2, 1);
            Await.value(rig.proxy()::connections, 1);
            long before = openFiles();
            flood(rig, 2, TOO_MANY);
            Await.value(() -> refused(rig, "client_tunnel_limit"), TOO_MANY);
            // What else this process opens and closes meanwhile is little.
            Await.value(() -> openFiles() < before + TOO_MANY + TOO_MANY / 10, true);
        }
    }

    @Test
    void idle_tunnels_of_one_address_shut_out_nobody_else() throws Exception {
        try (EchoOrigin upstream = new EchoOrigin();
                Rig rig = new Rig(Origin.mindedElsewhere(upstream.socket()), "");
                Storm storm = new Storm(rig.address(), Rig.HOST, Hellos.naming(Rig.HOST))) {
            Wave idle = storm.comeFromOneAddress(OF_ONE, Duration.ofSeconds(1));
            assertThat(idle.awaitWelcome().problems()).isEmpty();
            Wave more = storm.comeFromOneAddress(TOO_MANY, Duration.ZERO);
            assertThat(more.awaitWelcome().problems())
                    .hasSize(TOO_MANY)
                    .allMatch(problem -> problem.contains("HTTP/1.1 429 "));
            assertThat(idle.open()).isEqualTo(OF_ONE);
            try (RawClient other = rig.client()) {
                assertThat(other.connect(Rig.HOST).answer().status()).isEqualTo(200);
            }
            idle.leave();
            Await.value(rig.proxy()::connections, 0);
        }
    }

    @Test
    void silent_connections_of_many_addresses_are_bounded_in_all_and_shut_nobody_out() throws Exception {
        try (Rig rig = new Rig(
                Origin.tls(Rig.CA, Rig.HOST),
                "limits: {tunnels: 600, tunnels-per-client: 200, refusals-per-minute: 500}\ntimeouts: {head: 5m}\n")) {
            for (int address = 2; address < 6; address++) {
                flood(rig, address, 250);
            }
            // More of them are summed up.
            Await.value(() -> refused(rig, "client_tunnel_limit") + refused(rig, "tunnel_limit") > 400, true);
            // A quarter of all; a few of the first were over a limit before others had gone.
            Await.until("few are left", () -> rig.proxy().connections() <= 150);
            assertThat(rig.proxy().connections()).isGreaterThan(100);
            assertThat(rig.served()).isEqualTo("served");
            end();
            Await.value(rig.proxy()::connections, 0);
            assertThat(rig.served()).isEqualTo("served");
        }
    }

    /** The new connection is not of the client with the most connections, so it stays, although it sends nothing. */
    @Test
    void at_the_bound_in_all_the_oldest_of_whoever_has_most_goes() throws Exception {
        try (Rig rig = new Rig(Origin.tls(Rig.CA, Rig.HOST), "limits: {tunnels: 64, pending-per-client: 12}\n")) {
            flood(rig, 2, 6);
            // The first of them comes alone: several event loops may let others in in another order than they came.
            flood(rig, 3, 1);
            Await.value(rig.proxy()::connections, 7);
            flood(rig, 3, 9);
            Await.value(rig.proxy()::connections, 16);
            try (RawClient slow = rig.client()) {
                Socket oldest = flood.get(6);
                oldest.setSoTimeout(5_000);
                String told = new String(oldest.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(told).startsWith("HTTP/1.1 503 ").contains("tunnel_limit");
                assertThat(slow.connect(Rig.HOST).answer().status()).isEqualTo(200);
            }
            assertThat(refused(rig, "tunnel_limit")).isEqualTo(1);
        }
    }

    /** So many connections from 127.0.0.{@code host} that say nothing. */
    private void flood(Rig rig, int host, int connections) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        for (int i = 0; i < connections; i++) {
            Socket socket = new Socket();
            flood.add(socket);
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(rig.address());
        }
    }

    private static int refused(Rig rig, String reason) throws IOException {
        return (int) rig.audit().decisions().stream()
                .filter(line -> AuditLines.text(line, "reason").equals(reason))
                .count();
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
