package io.konnectproxy.queries;

import io.konnectproxy.trail.TrailBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The trails of 200 proxies in the layout of the archive, and what they were made of, which nobody has to read from them. Reproducible.
 */
final class GeneratedFleet {
    private static final KeyPair KEYS = TrailBuilder.newKeys();
    private static final int PROXIES = 200;
    private static final int DATA_PLANES = 300;
    private static final String[] REASONS = {
        "host_not_konnect", "ip_literal", "region_not_enabled", "credentials_invalid"
    };

    /** Requests of one client for one target with one result; several only where they were summed up. */
    record Asked(
            String instance,
            Instant time,
            boolean permitted,
            boolean enforced,
            boolean summed,
            String reason,
            @Nullable String address,
            String client,
            String target,
            @Nullable String controlPlane,
            long requests) {}

    record Carried(@Nullable String purpose, @Nullable String region, long up, long down) {}

    record Lost(
            String instance,
            String event,
            long lines,
            @Nullable Instant from,
            @Nullable Instant until) {}

    record Ran(String instance, String configuration) {}

    record Hole(String instance, String trail, long begins, long ends, long missing) {}

    final List<Asked> asked = new ArrayList<>();
    final List<Carried> carried = new ArrayList<>();
    final List<Lost> lost = new ArrayList<>();
    final List<Ran> newest = new ArrayList<>();
    final List<Hole> holes = new ArrayList<>();
    long lines;

    private final Random random = new Random(20);
    private final Path archive;

    private GeneratedFleet(Path archive) {
        this.archive = archive;
    }

    /** @param holes whether the file in the middle of some trails is not there */
    static GeneratedFleet write(Path archive, boolean holes) throws Exception {
        GeneratedFleet fleet = new GeneratedFleet(archive);
        for (int i = 0; i < PROXIES; i++) {
            fleet
                    .new Proxy(
                            String.format("edge-%03d", i),
                            String.format("%012x", 0x5f0c9a1e7b34L * (i + 1) & 0xffffffffffffL))
                    .write(i, holes);
        }
        return fleet;
    }

    /** A proxy while its trail is made: three files. */
    private final class Proxy {
        private final String instance;
        private final String trail;
        private final TrailBuilder builder = new TrailBuilder();
        private List<String> file = new ArrayList<>();
        private String digest = "aaaaaaaaaaaa";
        private Instant time = Instant.EPOCH;
        private long ids;

        Proxy(String instance, String trail) {
            this.instance = instance;
            this.trail = trail;
            builder.of(trail).later(Duration.ofMillis(random.nextInt(60_000)));
        }

        void write(int number, boolean holes) throws Exception {
            event("start", "\"version\":\"0.1.0\",\"instance\":\"" + instance + "\"");
            configuration("start");
            requests(number, 8);
            finish(".jsonl.gz");
            if (number % 40 == 7) {
                digest = "bbbbbbbbbbbb";
            }
            configuration("segment");
            if (holes && number % 50 == 3) {
                // Nobody shall count what is in the file that is not there.
                long begins = builder.lastSeq();
                event("drain", "");
                file = new ArrayList<>();
                hole(begins);
            } else {
                requests(number, 6);
                finish(number % 2 == 0 ? ".jsonl.gz" : ".jsonl");
            }
            configuration("segment");
            if (number % 33 == 5) {
                loss("gap", "lost", ",\"on_failure\":\"refuse\"");
            }
            if (number % 50 == 9) {
                loss("mirror", "missed", ",\"mirror\":\"otlp+https://logs.corp:4318\"");
            }
            if (number % 99 == 11) {
                event("torn", "\"kept_as\":\"x.torn\",\"bytes\":187,\"reason\":\"the last line has no end\"");
                lost.add(new Lost(instance, "torn", 0, null, null));
            }
            requests(number, 5);
            builder.checkpoint(KEYS);
            file.addAll(builder.take());
            lines++;
            Path checkpoints = directory().resolve("checkpoints");
            Files.createDirectories(checkpoints);
            TrailBuilder.write(
                    checkpoints.resolve(String.format("%012d.jsonl", builder.lastSeq())),
                    file.subList(file.size() - 1, file.size()));
            event("stop", "");
            finish(".jsonl");
            newest.add(new Ran(instance, digest));
        }

        private void hole(long begins) {
            // The configuration and the drain.
            long missing = builder.lastSeq() - begins + 1;
            holes.add(new Hole(instance, trail, 1, 0, missing));
        }

        private Path directory() {
            return archive.resolve(instance).resolve(trail);
        }

        private void finish(String suffix) throws Exception {
            Files.createDirectories(directory());
            long first = builder.lastSeq() - file.size() + 1;
            TrailBuilder.write(directory().resolve(String.format("%012d", first) + suffix), file);
            file = new ArrayList<>();
            int last = holes.size() - 1;
            if (last >= 0 && holes.get(last).trail().equals(trail)) {
                Hole hole = holes.remove(last);
                holes.add(new Hole(instance, trail, 1, builder.lastSeq(), hole.missing()));
            }
        }

        private void event(String word, String fields) {
            builder.later(Duration.ofMillis(random.nextInt(5_000))).event(word, fields);
            List<String> made = builder.take();
            file.addAll(made);
            lines += made.size();
            String line = made.get(0);
            int at = line.indexOf("\"time\":\"") + 8;
            time = Instant.parse(line.substring(at, line.indexOf('"', at)));
        }

        private void configuration(String occasion) {
            String policy = "{\"mode\":[\"enforce\"],\"regions\":[\"us\",\"eu\"]}";
            event(
                    "configuration",
                    "\"occasion\":\"" + occasion + "\",\"instance\":\"" + instance + "\",\"configuration_digest\":\""
                            + digest + "\",\"digest\":\"" + TrailBuilder.sha256(policy) + "\",\"policy\":" + policy
                            + ",\"changed\":[]");
        }

        private void loss(String word, String count, String more) {
            long number = 1L + random.nextInt(500);
            Instant from = time.minusSeconds(30);
            Instant until = time.minusSeconds(1);
            event(
                    word,
                    "\"" + count + "\":" + number + ",\"from\":\"" + text(from) + "\",\"until\":\"" + text(until)
                            + "\",\"reason\":\"no space left on device\"" + more);
            lost.add(new Lost(instance, word, number, from, until));
        }

        private void requests(int number, int count) {
            for (int i = 0; i < count; i++) {
                int kind = random.nextInt(20);
                if (kind < 11) {
                    permitted(number);
                } else if (kind < 12) {
                    extra();
                } else if (kind < 17) {
                    refused(random.nextInt(12) > 0);
                } else {
                    summed();
                }
            }
        }

        /** Most data planes are at home at one proxy. */
        private void permitted(int number) {
            int plane = random.nextInt(6) == 0 ? random.nextInt(DATA_PLANES) : number;
            String address = "10.20." + plane / 250 + "." + plane % 250;
            String user = plane % 3 == 0 ? "dp-" + plane : null;
            String certificate = plane % 3 == 1 ? "cert-" + plane + ".corp" : null;
            String region = plane % 2 == 0 ? "us" : "eu";
            String controlPlane = String.format("%010x", 0x0646a7d680L + plane % 17);
            String host = controlPlane + "." + region + ".cp0.konghq.com";
            String client = client(address, user, certificate);
            String rule = "\"rule\":{\"purpose\":\"data-plane\",\"region\":\"" + region
                    + "\",\"pattern\":\"{control-plane}.{region}.cp0.konghq.com\",\"control_plane\":\"" + controlPlane
                    + "\"}";
            String id = "id-" + ids++;
            event(
                    "decision",
                    "\"id\":\"" + id + "\",\"listener\":\"10.0.0.2:3128\"," + client + ",\"target\":\"" + host
                            + ":443\",\"verdict\":\"permitted\",\"reason\":\"konnect_host\"," + rule
                            + ",\"enforced\":true");
            String name = user != null ? user : certificate != null ? certificate : address;
            asked.add(new Asked(
                    instance, time, true, true, false, "konnect_host", address, name, host + ":443", controlPlane, 1));
            tunnel(id, client, host, rule, "data-plane", region);
        }

        private void extra() {
            String client = client("10.30.0.1", null, null);
            String rule = "\"rule\":{\"extra_host\":\"mirror\",\"host\":\"kong.mirror.corp\"}";
            String id = "id-" + ids++;
            event(
                    "decision",
                    "\"id\":\"" + id + "\",\"listener\":\"10.0.0.2:3128\"," + client
                            + ",\"target\":\"kong.mirror.corp:443\","
                            + "\"verdict\":\"permitted\",\"reason\":\"extra_host\"," + rule + ",\"enforced\":true");
            asked.add(new Asked(
                    instance,
                    time,
                    true,
                    true,
                    false,
                    "extra_host",
                    "10.30.0.1",
                    "10.30.0.1",
                    "kong.mirror.corp:443",
                    null,
                    1));
            tunnel(id, client, "kong.mirror.corp", rule, "extra-host mirror", null);
        }

        private void tunnel(
                String id, String client, String host, String rule, @Nullable String purpose, @Nullable String region) {
            long up = random.nextInt(1_000_000);
            long down = random.nextInt(9_000_000);
            event(
                    "tunnel",
                    "\"id\":\"" + id + "\",\"listener\":\"10.0.0.2:3128\"," + client + ",\"target\":\"" + host
                            + ":443\"," + rule
                            + ",\"outcome\":\"client_closed\",\"upstream\":{\"address\":\"203.0.113.7\",\"port\":443,\"via\":null},"
                            + "\"tls\":{\"sni\":\"" + host
                            + "\",\"alpn\":[\"h2\"],\"versions\":[\"TLSv1.3\"],\"ech\":false,"
                            + "\"resumes\":false,\"handshake\":\"completed\"},\"bytes_up\":" + up + ",\"bytes_down\":"
                            + down
                            + ",\"dns_ms\":1,\"connect_ms\":2,\"duration_ms\":3000");
            carried.add(new Carried(purpose, region, up, down));
        }

        private void refused(boolean enforced) {
            String reason = REASONS[random.nextInt(REASONS.length)];
            String address = "10.66.0." + random.nextInt(60);
            String target = "host-" + random.nextInt(9) + ".example:443";
            event(
                    "decision",
                    "\"id\":\"id-" + ids++ + "\",\"listener\":\"10.0.0.2:3128\"," + client(address, null, null)
                            + ",\"target\":\"" + target + "\",\"verdict\":\"refused\",\"reason\":\"" + reason
                            + "\",\"rule\":null,\"enforced\":" + enforced);
            asked.add(new Asked(instance, time, false, enforced, false, reason, address, address, target, null, 1));
        }

        private void summed() {
            boolean known = random.nextInt(4) > 0;
            boolean network = random.nextInt(5) == 0;
            String address = known ? network ? "2001:db8:0:1::/64" : "10.66.0." + random.nextInt(60) : null;
            long one = 1L + random.nextInt(5_000);
            long two = 1L + random.nextInt(90);
            Instant first = time.minusSeconds(50);
            Instant last = time;
            event(
                    "refusals",
                    "\"client\":"
                            + (address == null
                                    ? "null"
                                    : "{\"" + (network ? "network" : "address") + "\":\"" + address + "\"}")
                            + ",\"listener\":null,\"count\":" + (one + two) + ",\"reasons\":{\"ip_literal\":" + two
                            + ",\"host_not_konnect\":" + one + "},\"first\":\"" + text(first) + "\",\"last\":\""
                            + text(last) + "\"");
            asked.add(new Asked(instance, time, false, true, true, "host_not_konnect", address, "", "", null, one));
            asked.add(new Asked(instance, time, false, true, true, "ip_literal", address, "", "", null, two));
        }

        private static String client(String address, @Nullable String user, @Nullable String certificate) {
            return "\"client\":{\"address\":\"" + address + "\",\"port\":50000,\"user\":"
                    + (user == null ? "null" : "\"" + user + "\"")
                    + (certificate == null ? "" : ",\"certificate\":\"" + certificate + "\"") + "}";
        }

        private static String text(Instant time) {
            return new java.time.format.DateTimeFormatterBuilder()
                    .appendInstant(6)
                    .toFormatter()
                    .format(time);
        }
    }
}
