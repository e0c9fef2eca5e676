package io.konnectproxy.server.dataplane;

import static io.konnectproxy.server.dataplane.DataPlaneStage.client;
import static io.konnectproxy.server.dataplane.DataPlaneStage.cp;
import static io.konnectproxy.server.dataplane.DataPlaneStage.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dataplane.DataPlanes.Followed;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.target.HostName;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What hostile clients can make it keep, and what that costs the others. */
class DataPlanesBoundTest {
    private static final String LABEL = "0646a7d680";
    private static final Client HONEST = client("192.168.0.7");

    @RegisterExtension
    private final LogCapture log = LogCapture.of("data-planes");

    private final DataPlaneStage stage = new DataPlaneStage();

    @Test
    void a_client_that_is_refused_with_thousands_of_made_up_names_has_twenty() {
        Followed tunnel = stage.open(HONEST, cp(LABEL));
        for (int i = 0; i < 50_000; i++) {
            stage.refuse(client(1), cp("made-up-" + i), Refusal.CONTROL_PLANE_NOT_PINNED, 1);
        }
        assertThat(stage.planes.size()).isEqualTo(1 + DataPlanes.OTHERS_OF_CLIENT);
        assertThat(isListed(HONEST)).isTrue();
        tunnel.ended();
    }

    @Test
    void one_with_thousands_of_made_up_users_has_one() {
        for (int i = 0; i < 1_000; i++) {
            // A user without the right password is not in the client.
            stage.planes.refused(client(1), Optional.empty(), Refusal.CREDENTIALS_INVALID, Optional.empty());
        }
        assertThat(stage.states()).singleElement().satisfies(state -> {
            assertThat(state.name()).isEmpty();
            assertThat(state.refusedInAll()).isEqualTo(1_000);
        });
    }

    @Test
    void a_hundred_thousand_addresses_that_are_refused_displace_nobody_who_was_connected() {
        Followed lost = stage.open(HONEST, cp(LABEL));
        stage.open(client("192.168.0.8"), cp(LABEL));
        stage.pass(100);
        lost.ended();
        for (int i = 0; i < 100_000; i++) {
            stage.refuse(client(i), cp(LABEL), Refusal.CONTROL_PLANE_NOT_PINNED, 1);
        }
        stage.pass(61);
        assertThat(stage.planes.size()).isEqualTo(2 + DataPlanes.OTHERS);
        assertThat(stage.look()).isEqualTo(new DataPlaneFigures(1, 1, 0, 0));
        assertThat(stage.planes.list(1).crowdedOut()).isEqualTo(98_000);
    }

    @Test
    void nor_anybody_who_was_refused_before_and_still_is() {
        stage.refuse(HONEST, cp(LABEL), Refusal.REGION_NOT_ENABLED, 1);
        for (int i = 0; i < 100_000; i++) {
            if (i % 5_000 == 0) {
                stage.pass(9);
                stage.refuse(HONEST, cp(LABEL), Refusal.REGION_NOT_ENABLED, 1);
            }
            stage.refuse(client(i), cp(LABEL), Refusal.CONTROL_PLANE_NOT_PINNED, 1);
        }
        assertThat(stage.look().refused()).isEqualTo(1);
        assertThat(isListed(HONEST)).isTrue();
    }

    @Test
    void clients_with_many_lose_theirs_before_one_with_few() {
        stage.refuse(HONEST, cp(LABEL), Refusal.REGION_NOT_ENABLED, 1);
        for (int name = 0; name < 20; name++) {
            for (int i = 0; i < 1_000; i++) {
                stage.refuse(client(i), cp("made-up-" + name), Refusal.CONTROL_PLANE_NOT_PINNED, 1);
            }
        }
        stage.refuse(client("192.168.0.8"), cp(LABEL), Refusal.REGION_NOT_ENABLED, 1);
        assertThat(stage.planes.size()).isEqualTo(DataPlanes.OTHERS);
        assertThat(isListed(HONEST)).isTrue();
        assertThat(isListed(client("192.168.0.8"))).isTrue();
    }

    @Test
    void permitted_clients_with_tunnels_to_made_up_control_planes_displace_nobody_else() {
        Followed lost = stage.open(HONEST, cp(LABEL));
        stage.open(client("192.168.0.8"), cp(LABEL));
        stage.pass(100);
        lost.ended();
        for (int round = 0; round < 20; round++) {
            List<Followed> made = new ArrayList<>();
            for (int attacker = 0; attacker < 10; attacker++) {
                for (int i = 0; i < 200; i++) {
                    made.add(stage.open(client(attacker), cp("made-up-" + round + "-" + i)));
                }
            }
            stage.pass(61);
            made.forEach(Followed::ended);
        }
        stage.open(client("192.168.0.9"), cp(LABEL));
        assertThat(stage.planes.size()).isEqualTo(DataPlanes.CONNECTED);
        assertThat(isListed(HONEST)).isTrue();
        assertThat(isListed(client("192.168.0.8"))).isTrue();
        assertThat(isListed(client("192.168.0.9"))).isTrue();
    }

    @Test
    void where_all_places_have_a_tunnel_one_more_is_not_followed_and_its_control_plane_is_connected() {
        for (int i = 0; i < DataPlanes.CONNECTED; i++) {
            stage.open(client(i), cp(LABEL));
        }
        Followed more = stage.open(HONEST, cp("another"));
        assertThat(isListed(HONEST)).isFalse();
        assertThat(stage.planes.isConnected("another")).isTrue();
        assertThat(stage.planes.list(1).crowdedOut()).isEqualTo(1);
        more.ended();
        assertThat(stage.planes.isConnected("another")).isFalse();
        assertThat(stage.look().connected()).isEqualTo(DataPlanes.CONNECTED);
    }

    @Test
    void the_one_that_was_lost_first_makes_room() {
        List<Followed> all = new ArrayList<>();
        for (int i = 0; i < DataPlanes.CONNECTED; i++) {
            all.add(stage.open(client(i), cp(LABEL)));
        }
        stage.pass(61);
        all.get(2).ended();
        stage.pass(10);
        all.get(1).ended();
        stage.pass(61);
        stage.open(HONEST, cp(LABEL));
        assertThat(isListed(client(2))).isFalse();
        assertThat(isListed(client(1))).isTrue();
        assertThat(isListed(HONEST)).isTrue();
    }

    @Test
    void all_places_take_a_few_mebibytes() {
        TunnelPermit permit = DataPlaneStage.permit(cp(LABEL));
        // All are kept to the end. Garbage of other tests that goes meanwhile can only make one of them look smaller.
        List<DataPlaneStage> stages = new ArrayList<>();
        List<List<Followed>> open = new ArrayList<>();
        long most = 0;
        for (int i = 0; i < 4; i++) {
            long before = usedHeap();
            stages.add(new DataPlaneStage());
            open.add(fill(stages.get(i), permit));
            most = Math.max(most, usedHeap() - before);
        }
        assertThat(stages).allMatch(each -> each.planes.size() == DataPlanes.CONNECTED + DataPlanes.OTHERS);
        assertThat(open).allMatch(each -> each.size() == DataPlanes.CONNECTED);
        assertThat(most).as("bytes of heap").isBetween(1L << 20, 6L << 20);
    }

    /** Each by a client of its own, with a user; the control planes of the refused are as long as a label can be. */
    private static List<Followed> fill(DataPlaneStage stage, TunnelPermit permit) {
        List<Followed> open = new ArrayList<>(DataPlanes.CONNECTED);
        for (int i = 0; i < DataPlanes.CONNECTED; i++) {
            open.add(stage.planes.established(user(client(i), "dp-" + i), permit));
        }
        for (int i = 0; i < DataPlanes.OTHERS; i++) {
            String label = Integer.toString(i);
            stage.refuse(client(i), cp("x".repeat(63 - label.length()) + label), Refusal.CONTROL_PLANE_NOT_PINNED, 1);
        }
        return open;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void a_flood_of_refusals_costs_little() {
        List<Optional<HostName>> hosts = IntStream.range(0, 1_000)
                .mapToObj(i -> Optional.of(HostName.of(cp("made-up-" + i))))
                .toList();
        fill(stage, DataPlaneStage.permit(cp(LABEL)));
        flood(hosts, 100_000);
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        flood(hosts, 100_000);
        long each = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 100_000;
        assertThat(each).as("nanoseconds of a refusal").isLessThan(20_000);
    }

    private void flood(List<Optional<HostName>> hosts, int times) {
        for (int i = 0; i < times; i++) {
            stage.planes.refused(
                    client(i % 200), hosts.get(i % hosts.size()), Refusal.CONTROL_PLANE_NOT_PINNED, Optional.empty());
        }
    }

    @Test
    void nothing_is_miscounted_whoever_tells_it_at_the_same_time() throws Exception {
        int threads = 4;
        ExecutorService loops = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                Random random = new Random(thread);
                running.add(loops.submit(() -> comeAndGo(random)));
            }
            running.add(loops.submit((Callable<Object>) () -> {
                for (int i = 0; i < 20; i++) {
                    stage.pass(10);
                    stage.planes.look();
                    assertThat(stage.planes.list(100).states()).hasSizeLessThanOrEqualTo(100);
                }
                return "looked";
            }));
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            loops.shutdownNow();
        }
        assertThat(stage.look().connected()).isZero();
        for (int label = 0; label < 50; label++) {
            assertThat(stage.planes.isConnected("label-" + label)).isFalse();
        }
        stage.pass(25 * 3600);
        stage.look();
        assertThat(stage.planes.size()).isZero();
    }

    private void comeAndGo(Random random) {
        List<Followed> open = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Client client = client(random.nextInt(100));
            String host = cp("label-" + random.nextInt(50));
            switch (random.nextInt(3)) {
                case 0 -> open.add(stage.open(client, host));
                case 1 -> stage.refuse(client, host, Refusal.CLIENT_TUNNEL_LIMIT, 1);
                default -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).ended();
                    }
                }
            }
        }
        open.forEach(Followed::ended);
    }

    private boolean isListed(Client client) {
        return stage.states().stream()
                .anyMatch(state -> state.network().equals(client.address().getAddress()));
    }
}
