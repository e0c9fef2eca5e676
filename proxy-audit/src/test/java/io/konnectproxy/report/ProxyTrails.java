package io.konnectproxy.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** Trails of several proxies, made at random and reproducible: each has a clock of its own, and that of the second jumps. */
public final class ProxyTrails {
    private static final int DATA_PLANES = 40;
    private static final String[] REASONS = {"host_not_konnect", "ip_literal", "region_not_enabled"};
    private static final String[] OUTCOMES = {"client_closed", "upstream_reset", "idle", "dns_failed", "connect_timeout"
    };

    private ProxyTrails() {}

    static Path place(Path directory, int proxy) {
        return directory.resolve("edge-" + proxy);
    }

    /**
     * Writes one.
     *
     * @param tunnels each takes two lines, and every third comes with a refusal
     */
    public static Path write(Path directory, int proxy, int tunnels) throws Exception {
        Random random = new Random(proxy);
        Story story = Story.of("edge-" + proxy, String.format("%012x", 0xabc000 + proxy))
                // Clocks differ by seconds.
                .later(Duration.ofMillis(random.nextInt(20_000)))
                .started("1.0.0")
                .configured("start", "aaaaaaaaaaaa", "[\"us\"]");
        for (int i = 0; i < tunnels; i++) {
            String plane = "10.0." + proxy + "." + random.nextInt(DATA_PLANES);
            String controlPlane = "cp" + random.nextInt(5);
            Duration length = Duration.ofMillis(random.nextInt(60_000));
            story.permitted("t" + i, plane + "/dp" + random.nextInt(DATA_PLANES), controlPlane)
                    .later(length);
            if (i % 3 == 0) {
                story.refused(plane, "host" + random.nextInt(9) + ".example:443", REASONS[random.nextInt(3)]);
            }
            // Some are left open, some have an end before the first line.
            int id = random.nextInt(20) == 0 ? i + tunnels : i;
            story.end(
                    "t" + id,
                    controlPlane + ".us.cp0.konghq.com:443",
                    OUTCOMES[random.nextInt(OUTCOMES.length)],
                    random.nextInt(9_000),
                    random.nextInt(9_000),
                    length,
                    i % 7 == 0 ? "null" : "{\"sni\":\"x\",\"alpn\":[],\"versions\":[\"TLSv1.3\"],\"ech\":false}");
            if (proxy == 1 && i == tunnels / 2) {
                jump(story, Duration.ofDays(365));
            } else if (proxy == 1 && i == tunnels * 3 / 4) {
                jump(story, Duration.ofDays(-365));
            } else if (proxy == 2 && i == tunnels / 2) {
                // Killed, and started again.
                story.started("1.0.1").configured("start", "bbbbbbbbbbbb", "[\"us\",\"eu\"]");
            } else if (proxy == 3 && i == tunnels / 2) {
                story.gap(7, "2026-11-22T19:00:00.000000Z", "2026-11-22T19:00:03.000000Z")
                        .summedUp("{\"address\":\"10.6.6.6\"}", 500, 20);
            }
        }
        if (proxy == 4) {
            story.event("drain", "").event("stop", "");
        }
        return story.writeTo(Files.createDirectories(place(directory, proxy)).resolve("audit.jsonl"));
    }

    private static void jump(Story story, Duration by) {
        story.later(by)
                .event(
                        "clock",
                        "\"occasion\":\"running\",\"expected\":\"2026-11-22T19:00:00.000000Z\","
                                + "\"counted\":\"2026-11-22T19:00:00.000000Z\"");
    }
}
