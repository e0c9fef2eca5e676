package io.konnectproxy.server;

import static io.konnectproxy.support.AuditLines.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.support.Await;
import io.konnectproxy.support.Origin;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * The configuration changes all the time while tunnels carry bytes and others come: no byte of a tunnel that stays permitted
 * is lost, and every decision is by the configuration that the trail names last before it.
 */
class ReloadUnderLoadIT {
    private static final int TUNNELS = 200;
    private static final int CARRIERS = 4;
    private static final int RELOADS = 50;
    /** Each of them asks every 20 ms: a hundred requests a second, where the machine keeps up. */
    private static final int ASKERS = 2;

    private static final long BETWEEN_REQUESTS_MILLIS = 20;
    /** Every tunnel carries something between any two reloads, and the machine has time for the reloads. */
    private static final long BETWEEN_ROUNDS_MILLIS = 20;

    private static final long BETWEEN_RELOADS_MILLIS = 120;

    private static final Origin.Conversation ECHO =
            upstream -> upstream.getInputStream().transferTo(upstream.getOutputStream());

    /** {@link Rig#HOST} is permitted by each of them. */
    private static final List<String> CONFIGURATIONS = List.of(
            "regions: [us, eu]\n",
            "regions: [us]\n",
            "regions: [us]\ncontrol-planes: [0646a7d680]\n",
            "regions: [us, eu]\ncontrol-planes: [0646a7d680, ffffffffff]\npurposes: [data-plane]\n");

    private static final List<String> ASKED = List.of(
            Rig.HOST,
            "ffffffffff.us.cp0.konghq.com",
            "0646a7d680.eu.cp0.konghq.com",
            "ffffffffff.eu.tp0.konghq.com",
            "us.api.konghq.com",
            "evil.example");

    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    @Timeout(120)
    void every_decision_is_by_the_configuration_that_the_trail_names() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<RawClient> tunnels = new ArrayList<>();
        try (Rig rig = new Rig(Origin.plain(ECHO), CONFIGURATIONS.get(0))) {
            for (int i = 0; i < TUNNELS; i++) {
                tunnels.add(rig.openTunnel());
            }
            List<CompletableFuture<Integer>> carriers = new ArrayList<>();
            for (int i = 0; i < CARRIERS; i++) {
                List<RawClient> own = tunnels.subList(i * TUNNELS / CARRIERS, (i + 1) * TUNNELS / CARRIERS);
                carriers.add(CompletableFuture.supplyAsync(() -> carry(own), threads));
            }
            List<CompletableFuture<Integer>> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                Random random = new Random(i);
                askers.add(CompletableFuture.supplyAsync(() -> ask(rig, random), threads));
            }
            long begun = System.nanoTime();
            for (int i = 1; i <= RELOADS; i++) {
                rig.reload(CONFIGURATIONS.get(i % CONFIGURATIONS.size()));
                TimeUnit.MILLISECONDS.sleep(BETWEEN_RELOADS_MILLIS);
            }
            over.set(true);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            for (CompletableFuture<Integer> carrier : carriers) {
                assertThat(carrier.get(30, TimeUnit.SECONDS)).isPositive();
            }
            int asked = 0;
            for (CompletableFuture<Integer> asker : askers) {
                asked += asker.get(30, TimeUnit.SECONDS);
            }
            System.out.println("reloads: " + RELOADS + " in " + millis + " ms, beside " + asked + " requests");
            int all = TUNNELS + asked;
            Await.until(
                    "each request has its line", () -> rig.audit().decisions().size() == all);
            check(rig.audit().all());
        } finally {
            over.set(true);
            threads.shutdownNow();
            for (RawClient tunnel : tunnels) {
                tunnel.close();
            }
        }
    }

    /** Sends a number through each tunnel and expects it back, again and again. */
    private int carry(List<RawClient> tunnels) {
        int rounds = 0;
        try {
            while (!over.get()) {
                String number = String.format("%08d", rounds++);
                for (RawClient tunnel : tunnels) {
                    tunnel.say(number);
                }
                for (RawClient tunnel : tunnels) {
                    assertThat(new String(tunnel.socket().getInputStream().readNBytes(8), US_ASCII))
                            .isEqualTo(number);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_ROUNDS_MILLIS));
            }
            return rounds;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int ask(Rig rig, Random random) {
        int asked = 0;
        long next = System.nanoTime();
        try {
            while (!over.get()) {
                try (RawClient client = rig.client()) {
                    asked++;
                    client.connect(ASKED.get(random.nextInt(ASKED.size()))).answer();
                }
                next += TimeUnit.MILLISECONDS.toNanos(BETWEEN_REQUESTS_MILLIS);
                LockSupport.parkNanos(next - System.nanoTime());
            }
            return asked;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Walks the lines in their order. */
    private static void check(List<JsonNode> lines) {
        JsonNode policy = null;
        int reloads = 0;
        Set<String> reasons = new HashSet<>();
        for (JsonNode line : lines) {
            switch (text(line, "event")) {
                case "configuration" -> {
                    policy = line.path("policy");
                    reloads += text(line, "occasion").equals("reload") ? 1 : 0;
                }
                case "decision" -> {
                    String host = text(line, "target").replaceFirst(":443$", "");
                    assertThat(text(line, "reason"))
                            .as(line + " under " + policy)
                            .isEqualTo(expected(host, policy));
                    reasons.add(text(line, "reason"));
                }
                case "tunnel" ->
                    assertThat(text(line, "outcome")).isIn("client_closed", "client_reset", "policy_changed");
                default -> {}
            }
        }
        assertThat(reloads).isEqualTo(RELOADS);
        assertThat(reasons)
                .contains("konnect_host", "host_not_konnect", "region_not_enabled", "control_plane_not_pinned");
    }

    /** What the policy in the line says about a host, as an auditor would read it. */
    private static String expected(String host, JsonNode policy) {
        if (!host.endsWith(".konghq.com")) {
            return "host_not_konnect";
        }
        List<String> labels = List.of(host.split("\\."));
        String region = labels.get(host.contains("api") ? 0 : 1);
        if (!has(policy, "regions", region)) {
            return "region_not_enabled";
        }
        String purpose = host.contains("api") ? "api" : "data-plane";
        if (!has(policy, "purposes", purpose)) {
            return "purpose_not_enabled";
        }
        boolean pinned = !policy.path("control_planes").isEmpty();
        if (!host.contains("api") && pinned && !has(policy, "control_planes", labels.get(0))) {
            return "control_plane_not_pinned";
        }
        return "konnect_host";
    }

    private static boolean has(JsonNode policy, String setting, String value) {
        return policy.path(setting).toString().contains('"' + value + '"');
    }
}
