package io.konnectproxy.server.browser;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state that the stand-in tells of: a calm fleet, one with every trouble, a hostile one, a large one. */
record Fleet(Map<String, Object> state) {
    static final String HOST = "0646a7d680.us.cp0.konghq.com";
    /** The same for all states of a run, and near the browser's clock, which the page compares it with. */
    @SuppressWarnings("TimeInStaticInitializer")
    static final Instant NOW = Instant.now();

    static Map<String, Object> object(@Nullable Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put(String.valueOf(members[i]), members[i + 1]);
        }
        return object;
    }

    private static String ago(Duration time) {
        return NOW.minus(time).toString();
    }

    /** This fleet with another value at {@code dataPlanes.shown}, for example. */
    Fleet with(String path, @Nullable Object value) {
        return new Fleet(with(state, path, value));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> with(Map<String, Object> object, String path, @Nullable Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        int dot = path.indexOf('.');
        if (dot < 0) {
            changed.put(path, value);
        } else {
            String name = path.substring(0, dot);
            changed.put(name, with((Map<String, Object>) object.get(name), path.substring(dot + 1), value));
        }
        return changed;
    }

    static Fleet calm() {
        List<Object> planes = new ArrayList<>();
        List<Object> tunnels = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            planes.add(plane("10.0.4." + i, "dp-" + i, i % 2 == 0 ? "tp" : "cp", List.of(), 1, 4000 * i));
            tunnels.add(tunnel("10.0.4." + i, "dp-" + i, i % 2 == 0 ? HOST.replace("cp0", "tp0") : HOST, 4000 * i, i));
        }
        return new Fleet(object(
                "time", NOW.toString(),
                "instance", "proxy-1",
                "version", "0.1.0",
                "started", ago(Duration.ofHours(75)),
                "ready", true,
                "reasons", List.of(),
                "configuration",
                        object(
                                "digest", "3f9ac1d27be04a6f",
                                "since", ago(Duration.ofMinutes(192)),
                                "mode", "enforce",
                                "regions", List.of("us", "eu"),
                                "reload",
                                        object(
                                                "result",
                                                "success",
                                                "at",
                                                ago(Duration.ofMinutes(192)),
                                                "problems",
                                                List.of())),
                "connections", object("used", 24, "most", 10_000),
                "memory", object("used", 9_437_184, "most", 214_748_364),
                "descriptors", object("used", 131, "most", 65_536),
                "decisions",
                        object(
                                "permitted", 18_204,
                                "refused", 41,
                                "unenforced", 0,
                                "permittedPerSecond", 0.4,
                                "refusedPerSecond", 0.0),
                "refusals",
                        List.of(object(
                                "token",
                                "dns_timeout",
                                "count",
                                41,
                                "perMinute",
                                0.0,
                                "sentence",
                                "DNS did not answer in time")),
                "audit",
                        object(
                                "available",
                                true,
                                "lines",
                                36_449,
                                "lost",
                                0,
                                "to",
                                "/var/log/konnect-proxy/audit.jsonl"),
                "archive",
                        object(
                                "to",
                                "s3://evidence/fleet",
                                "pending",
                                0,
                                "objects",
                                412,
                                "at",
                                ago(Duration.ofSeconds(48)),
                                "checkpoint",
                                36_440),
                "mirrors", List.of(object("name", "otlp+https://otel.internal:4318/v1/logs", "missed", 0)),
                "parents", List.of(object("url", "http://squid.internal:3128", "available", true)),
                "dns", object("servers", List.of("10.0.0.53:53", "10.0.0.54:53"), "staleAnswers", 0),
                "certificates",
                        List.of(object(
                                "listener",
                                "0.0.0.0:3129",
                                "notAfter",
                                NOW.plus(Duration.ofDays(200)).toString())),
                "listeners",
                        List.of(
                                object("address", "0.0.0.0:3128", "tls", false, "demands", List.of()),
                                object("address", "0.0.0.0:3129", "tls", true, "demands", List.of("user"))),
                "controlPlanes", List.of(object("label", "0646a7d680", "connected", true)),
                "dataPlanes",
                        object("connected", 12, "lost", 0, "flapping", 0, "refused", 0, "more", 0, "shown", planes),
                "tunnels",
                        object(
                                "open",
                                12,
                                "matching",
                                12,
                                "more",
                                0,
                                "bytesUp",
                                912_345_678,
                                "bytesDown",
                                48_123_456_789L,
                                "upPerSecond",
                                18_250.0,
                                "downPerSecond",
                                1_204_000.0,
                                "shown",
                                tunnels),
                "viewers", 1));
    }

    static Fleet troubled() {
        List<Object> planes = new ArrayList<>(List.of(
                lost("10.0.4.31", "dp-payments", 260, 41_000),
                lost("10.0.4.32", null, 840, 9_000),
                refused(
                        "10.0.4.40",
                        "dp-eu",
                        "region_not_enabled",
                        "Konnect region is not enabled",
                        "Add the region to regions.",
                        8),
                refused(
                        "10.0.4.41",
                        "dp-old",
                        "credentials_invalid",
                        "Credentials are wrong",
                        "Check user and password; in a proxy URL, special characters must be percent-encoded.",
                        31),
                flapping("10.0.4.50", "dp-lab", 9)));
        planes.addAll(calm().list("dataPlanes", "shown"));
        return calm().with("ready", false)
                .with("reasons", List.of("the audit trail cannot be written"))
                .with("audit.available", false)
                .with("audit.lost", 12)
                .with("archive.pending", 3)
                .with("archive.trouble", "the store answered 403 AccessDenied")
                .with("dataPlanes.shown", planes)
                .with("dataPlanes.lost", 2)
                .with("dataPlanes.refused", 2)
                .with("dataPlanes.flapping", 1)
                .with(
                        "parents",
                        List.of(
                                object("url", "http://squid.internal:3128", "available", false),
                                object("url", "http://squid2.internal:3128", "available", true)))
                .with("mirrors", List.of(object("name", "otlp+https://otel.internal:4318/v1/logs", "missed", 310)))
                .with(
                        "certificates",
                        List.of(object(
                                "listener",
                                "0.0.0.0:3129",
                                "notAfter",
                                NOW.plus(Duration.ofDays(6)).toString())))
                .with(
                        "configuration.reload",
                        object(
                                "result", "failure",
                                "at", ago(Duration.ofMinutes(9)),
                                "problems",
                                        List.of(
                                                "/etc/konnect-proxy/konnect-proxy.yaml:7: 'uss' is no Konnect region; did you mean us?",
                                                "/etc/konnect-proxy/konnect-proxy.yaml:12: no such setting")))
                .with("connections.used", 9_120)
                .with(
                        "refusals",
                        List.of(
                                object(
                                        "token",
                                        "credentials_invalid",
                                        "count",
                                        4_310,
                                        "perMinute",
                                        3.1,
                                        "sentence",
                                        "Credentials are wrong"),
                                object(
                                        "token",
                                        "region_not_enabled",
                                        "count",
                                        804,
                                        "perMinute",
                                        0.8,
                                        "sentence",
                                        "Konnect region is not enabled"),
                                object(
                                        "token",
                                        "host_not_konnect",
                                        "count",
                                        12,
                                        "perMinute",
                                        0.0,
                                        "sentence",
                                        "Host is not a Konnect host")))
                .with("decisions.refused", 5_126)
                .with("decisions.refusedPerSecond", 0.07);
    }

    /** As many tunnels as are shown at most; in each round other figures, and another order. */
    static Fleet large(int round) {
        List<Object> tunnels = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = (i * 7 + round * 13) % 200;
            tunnels.add(tunnel(
                    "10.1." + number / 100 + "." + number % 100,
                    "dp-" + number,
                    HOST,
                    60 * number + round,
                    number + round));
        }
        return calm().with("tunnels.shown", tunnels)
                .with("tunnels.open", 5_000)
                .with("tunnels.matching", 5_000)
                .with("tunnels.more", 4_800);
    }

    @SuppressWarnings("unchecked")
    private List<Object> list(String object, String name) {
        return (List<Object>) ((Map<String, Object>) state.get(object)).get(name);
    }

    static Map<String, Object> plane(
            @Nullable String client,
            @Nullable String name,
            String channel,
            List<String> troubles,
            int tunnels,
            @Nullable Integer connectedFor) {
        return object(
                "client",
                client,
                "name",
                name,
                "controlPlane",
                "0646a7d680",
                "region",
                "us",
                "channel",
                channel,
                "troubles",
                troubles,
                "tunnels",
                tunnels,
                "connectedFor",
                connectedFor,
                "goneFor",
                null,
                "before",
                null,
                "ended",
                0,
                "refusals",
                0,
                "refusalsInAll",
                0,
                "refusal",
                null);
    }

    private static Map<String, Object> lost(String client, @Nullable String name, int goneFor, int before) {
        return with(with(plane(client, name, "cp", List.of("lost"), 0, null), "goneFor", goneFor), "before", before);
    }

    static Map<String, Object> refused(
            String client, @Nullable String name, String token, String sentence, String remedy, int refusals) {
        Map<String, Object> plane = with(plane(client, name, "cp", List.of("refused"), 0, null), "refusals", refusals);
        return with(plane, "refusal", object("token", token, "sentence", sentence, "remedy", remedy));
    }

    private static Map<String, Object> flapping(String client, String name, int ended) {
        return with(plane(client, name, "cp", List.of("flapping"), 1, 21), "ended", ended);
    }

    static Map<String, Object> tunnel(String client, @Nullable String user, String host, int age, int busy) {
        return object(
                "id",
                client + "-" + host,
                "client",
                client,
                "user",
                user,
                "listener",
                "0.0.0.0:3128",
                "host",
                host,
                "purpose",
                "control-plane",
                "region",
                "us",
                "controlPlane",
                "0646a7d680",
                "since",
                ago(Duration.ofSeconds(age)),
                "age",
                age + 0.5,
                "up",
                51_234L * busy,
                "down",
                3_141_592L * busy,
                "upPerSecond",
                busy % 3 == 0 ? 0.0 : 1_520.5 * busy,
                "downPerSecond",
                busy % 3 == 0 ? 0.0 : 100_333.0 * busy,
                "upstream",
                "203.0.113.7",
                "parent",
                null);
    }

    static Map<String, Object> permitted(int number) {
        return decision(number, "permitted", "control_plane", HOST + ":443", null, null);
    }

    static Map<String, Object> refused(int number) {
        return decision(
                number,
                "refused",
                "host_not_konnect",
                "registry.npmjs.org:443",
                "Host is not a Konnect host",
                "Only Konnect hosts and entries of extra-hosts are permitted.");
    }

    static Map<String, Object> decision(
            int number,
            String verdict,
            String reason,
            String target,
            @Nullable String sentence,
            @Nullable String remedy) {
        return object(
                "time",
                NOW.plusMillis(20L * number).toString(),
                "seq",
                null,
                "id",
                "r" + number,
                "client",
                "10.0.4." + number % 250,
                "user",
                number % 3 == 0 ? null : "dp-" + number % 250,
                "listener",
                "0.0.0.0:3128",
                "target",
                target,
                "verdict",
                verdict,
                "reason",
                reason,
                "sentence",
                sentence,
                "remedy",
                remedy);
    }
}
