package io.konnectproxy.report;

import io.konnectproxy.trail.TrailBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A day of 20 data planes, 2026-11-22, to which everything happens: one asks for a region that is not enabled, one has a wrong
 * password, one is behind something that decrypts TLS, one comes and goes, one is lost, and somebody tries what an attacker tries.
 * Signed. Reproducible.
 */
public final class TroubledDay {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final String ATTACKER = "10.66.6.6";

    private final TrailBuilder trail = new TrailBuilder();
    private final KeyPair keys = TrailBuilder.newKeys();
    private final Random random = new Random(11);
    private final PriorityQueue<Happening> agenda = new PriorityQueue<>();
    private long now;
    private long order;

    private record Happening(long at, long order, Runnable what) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private TroubledDay() {}

    /** Writes the trail as {@code audit.jsonl}, and the public key beside its directory as {@code audit.pub}. */
    public static Path write(Path directory) throws Exception {
        TroubledDay day = new TroubledDay();
        day.run();
        Files.createDirectories(directory);
        day.trail.writeTo(directory.resolve("audit.jsonl"));
        Files.writeString(
                directory.resolveSibling("audit.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder()
                                .encodeToString(day.keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        return directory;
    }

    public static void main(String[] arguments) throws Exception {
        write(Path.of(arguments[0]));
    }

    private void at(long time, Runnable what) {
        agenda.add(new Happening(time, order++, what));
    }

    private void run() {
        // The builder begins at 18:00 of that day.
        trail.later(Duration.ofHours(-18));
        trail.event("start", "\"version\":\"0.1.0\",\"instance\":\"edge-1\"");
        configuration();
        for (int plane = 1; plane <= 20; plane++) {
            int number = plane;
            at(random.nextInt(30_000), () -> begin(number));
        }
        for (long time = HOUR / 4; time < DAY; time += HOUR / 4) {
            at(time, () -> trail.checkpoint(keys));
        }
        at(3 * HOUR, () -> trail.gap(14, "no space left on device"));
        at(14 * HOUR, this::attack);
        while (!agenda.isEmpty() && agenda.peek().at() < DAY) {
            Happening next = agenda.poll();
            trail.later(Duration.ofMillis(Math.max(0, next.at() - now)));
            now = Math.max(now, next.at());
            next.what().run();
        }
    }

    private void configuration() {
        String policy = "{\"mode\":[\"enforce\"],\"regions\":[\"us\"],\"purposes\":[\"data-plane\",\"api\",\"portal\"],"
                + "\"control_planes\":[\"0646a7d680\",\"36fc5d01be\",\"feedfacade\"],\"portals\":[],"
                + "\"extra_hosts\":[\"mirror: kong.mirror.corp\"],\"hosts\":[\"{control-plane}.{region}.cp0.konghq.com\","
                + "\"{control-plane}.{region}.tp0.konghq.com\",\"{portal}.{region}.portal.konghq.com\",\"{region}.api.konghq.com\"]}";
        trail.event(
                "configuration",
                "\"occasion\":\"start\",\"instance\":\"edge-1\",\"configuration_digest\":\"c41d7be2905a\",\"digest\":\""
                        + TrailBuilder.sha256(policy) + "\",\"policy\":" + policy + ",\"changed\":null");
    }

    private void begin(int plane) {
        switch (plane) {
            case 15 -> wrongRegion();
            case 16 -> wrongPassword();
            case 17 -> intercepted();
            case 18 -> flapping();
            default -> healthy(plane);
        }
    }

    private static String client(int plane) {
        return "10.20.0." + (10 + plane);
    }

    private static String controlPlane(int plane) {
        return plane % 2 == 0 ? "0646a7d680" : "36fc5d01be";
    }

    private void healthy(int plane) {
        if (plane == 19 && now > 15 * HOUR) {
            return;
        }
        long length = plane == 19 ? HOUR : 90 * MINUTE + random.nextInt((int) (60 * MINUTE));
        String host = controlPlane(plane) + ".us.cp0.konghq.com";
        tunnel(client(plane), "dp-" + plane, host, controlPlane(plane), length, "completed", 40_000, 900_000);
        String telemetry = controlPlane(plane) + ".us.tp0.konghq.com";
        tunnel(client(plane), "dp-" + plane, telemetry, controlPlane(plane), length, "completed", 2_000_000, 30_000);
        at(now + length + 5 * SECOND + random.nextInt(5_000), () -> healthy(plane));
    }

    private void wrongRegion() {
        refused(
                client(15),
                "dp-15",
                "36fc5d01be.eu.cp0.konghq.com:443",
                "region_not_enabled",
                "eu is not in regions, which has us.");
        at(now + 30 * SECOND, this::wrongRegion);
    }

    private void wrongPassword() {
        login(client(16), "dp-16", "0646a7d680.us.cp0.konghq.com:443");
        at(now + 30 * SECOND, this::wrongPassword);
    }

    private void login(String client, String user, String target) {
        decision(
                "r" + order++,
                "{\"address\":\"" + client + "\",\"port\":4711,\"user\":null,\"claimed_user\":\"" + user + "\"}",
                target,
                "\"verdict\":\"refused\",\"reason\":\"credentials_invalid\",\"rule\":null,\"enforced\":true");
    }

    private void intercepted() {
        tunnel(
                client(17),
                "dp-17",
                "36fc5d01be.us.cp0.konghq.com",
                "36fc5d01be",
                40,
                "client_alert\",\"alert\":\"unknown_ca",
                517,
                1_900);
        at(now + 30 * SECOND, this::intercepted);
    }

    private void flapping() {
        long length = 70 * SECOND + random.nextInt(40_000);
        tunnel(client(18), "dp-18", "0646a7d680.us.cp0.konghq.com", "0646a7d680", length, "completed", 4_000, 50_000);
        at(now + length + 6 * SECOND, this::flapping);
    }

    private void attack() {
        for (int i = 0; i < 26; i++) {
            refused(ATTACKER, "", "169.254.169.254:443", "ip_literal", "");
        }
        refused(ATTACKER, "", "[::1]:443", "ip_literal", "");
        for (int i = 0; i < 12; i++) {
            refused(ATTACKER, "", "host" + i + ".evil.example:443", "host_not_konnect", "");
            login(ATTACKER, "admin" + i, "us.api.konghq.com:443");
        }
        refused(ATTACKER, "", "\\\"><script>alert(1)</script>:443", "malformed_request", "");
        String id = permit(ATTACKER, "", "us.api.konghq.com", "null");
        ended(id, ATTACKER, "", "us.api.konghq.com", "null", "sni_mismatch", 12, "completed", 0, 0);
        id = permit(ATTACKER, "", "rebound.us.portal.konghq.com", "null");
        ended(id, ATTACKER, "", "rebound.us.portal.konghq.com", "null", "address_forbidden", 4, "completed", 0, 0);
    }

    private void tunnel(
            String client, String user, String host, String label, long length, String handshake, long up, long down) {
        String rule = "\"" + label + "\"";
        String id = permit(client, user, host, rule);
        at(now + length, () -> ended(id, client, user, host, rule, "client_closed", length, handshake, up, down));
    }

    private static String who(String client, String user) {
        return "{\"address\":\"" + client + "\",\"port\":4711,\"user\":"
                + (user.isEmpty() ? "null" : "\"" + user + "\"") + "}";
    }

    private static String rule(String host, String label) {
        String[] labels = host.split("\\.", -1);
        String pattern = labels.length < 5
                ? "{region}.api.konghq.com"
                : labels[2].equals("portal")
                        ? "{portal}.{region}.portal.konghq.com"
                        : "{control-plane}.{region}." + labels[2] + ".konghq.com";
        String purpose = labels.length < 5 ? "api" : labels[2].equals("portal") ? "portal" : "data-plane";
        return "{\"purpose\":\"" + purpose + "\",\"region\":\"us\",\"pattern\":\"" + pattern + "\",\"control_plane\":"
                + label + "}";
    }

    private String permit(String client, String user, String host, String label) {
        String id = "p" + order++;
        decision(
                id,
                who(client, user),
                host + ":443",
                "\"verdict\":\"permitted\",\"reason\":\"konnect_host\",\"rule\":" + rule(host, label)
                        + ",\"enforced\":true");
        return id;
    }

    private void refused(String client, String user, String target, String reason, String hint) {
        decision(
                "r" + order++,
                who(client, user),
                target,
                "\"verdict\":\"refused\",\"reason\":\"" + reason + "\",\"rule\":null,\"enforced\":true"
                        + (hint.isEmpty() ? "" : ",\"hint\":\"" + hint + "\""));
    }

    private void decision(String id, String client, String target, String rest) {
        trail.event(
                "decision",
                "\"id\":\"" + id + "\",\"listener\":\"10.20.0.1:3128\",\"client\":" + client + ",\"target\":\"" + target
                        + "\"," + rest);
        now++;
    }

    private void ended(
            String id,
            String client,
            String user,
            String host,
            String label,
            String outcome,
            long length,
            String handshake,
            long up,
            long down) {
        trail.event(
                "tunnel",
                "\"id\":\"" + id + "\",\"listener\":\"10.20.0.1:3128\",\"client\":" + who(client, user)
                        + ",\"target\":\"" + host + ":443\",\"rule\":" + rule(host, label) + ",\"outcome\":\"" + outcome
                        + "\",\"upstream\":{\"address\":\"198.51.100.7\",\"port\":443,\"via\":null},\"tls\":{\"sni\":\""
                        + host
                        + "\",\"alpn\":[],\"versions\":[\"TLSv1.3\",\"TLSv1.2\"],\"ech\":false,\"resumes\":false,\"handshake\":\""
                        + handshake + "\"},\"bytes_up\":" + up + ",\"bytes_down\":" + down
                        + ",\"dns_ms\":1,\"connect_ms\":11,\"duration_ms\":" + length);
        now++;
    }
}
