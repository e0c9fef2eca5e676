package io.konnectproxy.report;

import io.konnectproxy.trail.TrailBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A trail as a fleet of data planes makes it: 30 of them, each with a control plane, over some days from 2026-11-20 on. On the
 * second day there is an outage of Konnect and of the trail's disk, one client is misconfigured and keeps trying, and the
 * configuration is changed. Reproducible.
 */
public final class Fleet {
    private static final int DATA_PLANES = 30;
    private static final int CONTROL_PLANES = 8;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    /** Far from the trail builder's own first moment, so that three days end with it. */
    private static final Duration STEP = Duration.ofMillis(1);

    private final Random random = new Random(7);
    private final PriorityQueue<Happening> agenda = new PriorityQueue<>();
    private final TrailBuilder trail = new TrailBuilder();
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final long end;
    private long now;
    private long ids;
    private int process;
    private final Map<String, Runnable> drained = new LinkedHashMap<>();

    private record Happening(long at, long order, Runnable what) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private record Segment(String name, List<String> lines) {}

    private Fleet(int days) {
        end = days * DAY;
    }

    /** Writes the trail of some days, a segment a day, the last but one compressed. */
    public static Path write(Path directory, int days) throws Exception {
        Fleet fleet = new Fleet(days);
        fleet.run();
        Files.createDirectories(directory);
        for (Segment segment : fleet.segments) {
            TrailBuilder.write(directory.resolve(segment.name()), segment.lines());
        }
        return directory;
    }

    public static void main(String[] arguments) throws Exception {
        write(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    }

    private void run() {
        // The builder begins on 2026-11-22 at 18:00.
        trail.later(Duration.ofHours(-66));
        start("[\"us\",\"eu\"]", "null");
        for (int plane = 0; plane < DATA_PLANES; plane++) {
            int number = plane;
            at(random.nextInt(60_000), () -> connect(number));
        }
        at(DAY + 9 * HOUR, () -> misconfigured(0));
        at(DAY + 14 * HOUR, this::scan);
        at(DAY + 13 * HOUR + HOUR / 2, () -> {
            event(
                    "gap",
                    "\"lost\":12,\"from\":\"2026-11-21T13:21:04.120000Z\",\"until\":\"2026-11-21T13:22:40.004000Z\","
                            + "\"reason\":\"no space left on device\",\"on_failure\":\"refuse\"");
            event(
                    "mirror",
                    "\"mirror\":\"syslog+tls://logs.corp:6514\",\"missed\":340,\"from\":\"2026-11-21T13:20:00.000000Z\","
                            + "\"until\":\"2026-11-21T13:50:11.000000Z\",\"reason\":\"connection refused\"");
        });
        at(DAY + 20 * HOUR, () -> {
            event("drain", "");
            drained.values().forEach(Runnable::run);
            event("stop", "");
            start("[\"us\",\"eu\",\"in\"]", "[{\"key\":\"regions\",\"added\":[\"in\"],\"removed\":[]}]");
            // Somebody tries a region out that was opened.
            for (int i = 0; i < 3; i++) {
                at(
                        now + (i + 1) * HOUR,
                        () -> tunnel("10.20.7.9", "in.api.konghq.com", "api", "\"in\"", "null", 30_000, 8000, 64_000));
            }
        });
        at(2 * DAY + 4 * HOUR, () -> {
            event(
                    "torn",
                    "\"kept_as\":\"konnect-proxy.jsonl.torn-20261122T040000Z\",\"bytes\":187,"
                            + "\"reason\":\"the last line has no end\"");
            start("[\"us\",\"eu\",\"in\"]", "[]");
        });
        for (int day = 1; day * DAY < end; day++) {
            int number = day;
            at(day * DAY, () -> rotate(number));
        }
        while (!agenda.isEmpty() && agenda.peek().at() < end) {
            Happening next = agenda.poll();
            trail.later(Duration.ofMillis(Math.max(0, next.at() - now)));
            now = Math.max(now, next.at());
            next.what().run();
        }
        segments.add(new Segment("konnect-proxy.jsonl", List.copyOf(lines)));
    }

    private void at(long time, Runnable what) {
        agenda.add(new Happening(time, ids++, what));
    }

    private void event(String word, String fields) {
        trail.event(word, fields);
        now += STEP.toMillis();
        lines.addAll(trail.take());
    }

    private void start(String regions, String changed) {
        process++;
        drained.clear();
        event("start", "\"version\":\"0.1.0\"");
        configuration("start", regions, changed);
    }

    private void configuration(String occasion, String regions, String changed) {
        List<String> pins = new ArrayList<>();
        for (int i = 0; i < CONTROL_PLANES; i++) {
            pins.add("\"" + controlPlane(i) + "\"");
        }
        pins.add("\"feedfacade\"");
        String policy = "{\"mode\":[\"enforce\"],\"regions\":" + regions
                + ",\"purposes\":[\"platform\",\"api\",\"data-plane\"],\"control_planes\":[" + String.join(",", pins)
                + "],\"extra_hosts\":[\"mirror: kong.mirror.corp\"],\"permit_addresses\":[],\"hosts\":[\"cloud.konghq.com\","
                + "\"*.us.cp0.konghq.com\",\"*.us.tp0.konghq.com\",\"us.api.konghq.com\"],"
                + "\"audit\":[\"on-failure refuse\",\"durability os\"]}";
        event(
                "configuration",
                "\"occasion\":\"" + occasion + "\",\"digest\":\"" + TrailBuilder.sha256(policy) + "\",\"policy\":"
                        + policy + ",\"changed\":" + changed);
    }

    private void rotate(int day) {
        String date = "202611" + (19 + day);
        boolean packed = day == 1;
        segments.add(new Segment(
                "konnect-proxy-" + date + "-" + String.format("%012d", trail.lastSeq()) + ".jsonl"
                        + (packed ? ".gz" : ""),
                List.copyOf(lines)));
        lines.clear();
        boolean changed = day > 1;
        configuration("segment", changed ? "[\"us\",\"eu\",\"in\"]" : "[\"us\",\"eu\"]", "[]");
    }

    private static String controlPlane(int number) {
        return String.format("%010x", 0x0646a7d680L + number * 0x1f3a9c57L);
    }

    private boolean outage() {
        return now > DAY + 13 * HOUR && now < DAY + 13 * HOUR + HOUR / 2;
    }

    /** A data plane has a long tunnel to its control plane, one for telemetry, and asks the API now and then. */
    private void connect(int plane) {
        String client = "10.20." + plane / 10 + "." + (20 + plane % 10);
        String cp = controlPlane(plane % CONTROL_PLANES);
        String region = plane % CONTROL_PLANES < 5 ? "us" : "eu";
        if (outage()) {
            failed(
                    client,
                    cp + "." + region + ".cp0.konghq.com",
                    "data-plane",
                    "\"" + region + "\"",
                    "\"" + cp + "\"",
                    random.nextInt(4) == 0 ? "dns_timeout" : "connect_timeout",
                    4_000);
            at(now + 20_000 + random.nextInt(20_000), () -> connect(plane));
            return;
        }
        long length = 600_000L + random.nextInt(60 * 60_000);
        double daytime = 1 + Math.max(0, Math.sin((now % DAY - 6 * HOUR) * Math.PI / (12 * HOUR)));
        long bytes = (long) (length * daytime * (1 + plane % 4));
        tunnel(
                client,
                cp + "." + region + ".cp0.konghq.com",
                "data-plane",
                "\"" + region + "\"",
                "\"" + cp + "\"",
                length,
                bytes / 9,
                bytes * 3);
        tunnel(
                client,
                cp + "." + region + ".tp0.konghq.com",
                "data-plane",
                "\"" + region + "\"",
                "\"" + cp + "\"",
                length / 2,
                bytes * 2,
                bytes / 40);
        if (random.nextInt(3) == 0) {
            tunnel(client, region + ".api.konghq.com", "api", "\"" + region + "\"", "null", 2_000, 4_000, 90_000);
        }
        if (random.nextInt(60) == 0) {
            failed(client, "cloud.konghq.com", "platform", "null", "null", "sni_mismatch", 12);
        }
        at(now + length, () -> connect(plane));
    }

    private void misconfigured(int times) {
        refused("10.20.3.99", "36fc5d01be.au.cp0.konghq.com:443", "region_not_enabled");
        refused("10.20.3.99", "36fc5d01be.au.tp0.konghq.com:443", "region_not_enabled");
        if (times < 700) {
            at(now + 30_000, () -> misconfigured(times + 1));
        }
    }

    private void scan() {
        refused("10.66.6.6", "169.254.169.254:443", "ip_literal");
        refused("10.66.6.6", "evil.example:443", "host_not_konnect");
        refused("10.66.6.6", "\\\"><script>alert(1)</script>:443", "malformed_request");
        refused("10.66.6.6", "a".repeat(480) + ".example:443", "malformed_request");
        refused("10.66.6.6", "us.api.konghq.com:8071", "port_not_allowed");
        refused("10.66.6.6", "0123456789.us.cp0.konghq.com:443", "control_plane_not_pinned");
    }

    private String decide(String client, String host, String rest) {
        String id = String.format("%016x", 0x9e3779b97f4a7c15L * ++ids);
        event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"10.20.0.1:3128\",\"client\":{\"address\":\"" + client
                        + "\",\"port\":" + (1024 + random.nextInt(60_000)) + ",\"user\":null},\"target\":\"" + host
                        + "\"," + rest);
        return id;
    }

    private void refused(String client, String target, String reason) {
        decide(client, target, "\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":true");
    }

    private String permit(String client, String host, String purpose, String region, String controlPlane) {
        return decide(
                client,
                host + ":443",
                "\"verdict\":\"permitted\",\"reason\":\"konnect_host\",\"rule\":{\"purpose\":\""
                        + purpose + "\",\"region\":" + region + ",\"pattern\":\"" + host + "\",\"control_plane\":"
                        + controlPlane
                        + "},\"enforced\":true");
    }

    private void tunnel(
            String client, String host, String purpose, String region, String cp, long length, long up, long down) {
        String id = permit(client, host, purpose, region, cp);
        String outcome = switch (random.nextInt(20)) {
            case 0 -> "upstream_reset";
            case 1 -> "client_reset";
            case 2 -> "idle";
            case 3, 4, 5 -> "upstream_closed";
            default -> "client_closed";
        };
        int mine = process;
        long begin = now;
        drained.put(id, () -> ended(id, host, "drained", up / 2, down / 2, now - begin));
        at(now + length, () -> {
            if (mine == process) {
                drained.remove(id);
                ended(id, host, outcome, up, down, length);
            }
        });
    }

    private void failed(
            String client, String host, String purpose, String region, String cp, String outcome, long length) {
        String id = permit(client, host, purpose, region, cp);
        at(
                now + length,
                () -> event(
                        "tunnel",
                        "\"id\":\"" + id + "\",\"target\":\"" + host + ":443\",\"outcome\":\"" + outcome
                                + "\",\"upstream\":null,\"tls\":null,\"bytes_up\":0,\"bytes_down\":0,\"dns_ms\":4000,\"connect_ms\":null,"
                                + "\"duration_ms\":" + length));
    }

    private void ended(String id, String host, String outcome, long up, long down, long length) {
        boolean old = random.nextInt(12) == 0;
        event(
                "tunnel",
                "\"id\":\"" + id + "\",\"target\":\"" + host + ":443\",\"outcome\":\"" + outcome
                        + "\",\"upstream\":{\"address\":\"198.51.100.7\",\"port\":443,\"via\":null},\"tls\":{\"sni\":\""
                        + host
                        + "\",\"alpn\":[\"h2\",\"http/1.1\"],\"versions\":["
                        + (old ? "\"TLSv1.2\"" : "\"TLSv1.3\",\"TLSv1.2\"")
                        + "],\"ech\":" + (random.nextInt(200) == 0) + "},\"bytes_up\":" + up + ",\"bytes_down\":" + down
                        + ",\"dns_ms\":1,\"connect_ms\":11,\"duration_ms\":" + length);
    }
}
