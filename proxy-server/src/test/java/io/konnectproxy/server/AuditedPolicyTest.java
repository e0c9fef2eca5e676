package io.konnectproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.support.AuditLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the trail says is permitted. */
class AuditedPolicyTest {
    /** A key a line, so that their order can be changed. */
    private static final String EVERYTHING = """
            regions: [us, eu]
            purposes: [data-plane, api]
            control-planes: [b, a]
            mode: report-only
            resumption: refuse
            listen: [{address: "127.0.0.1:13128", sources: [10.0.0.0/8]}]
            extra-hosts: [{name: mirror, host: kong.mirror.corp, expected-sni: [cdn.mirror.corp]}, {name: o, host: o.corp}]
            clients: [{name: lab, source: 10.9.0.0/16, regions: [us]}]
            clients-only: true
            parents: [{url: "http://dp:secret@proxy.corp:3128", dns: parent, purposes: [api]}]
            source-address: 10.0.0.5
            dns: {servers: [10.0.0.2], timeout: 1s, family: ipv4-only}
            permit-addresses: [10.20.0.0/16, 10.30.0.0/16]
            timeouts: {head: 5s, connect: 3s, client-hello: 9s, idle: 1h, drain: 1m}
            limits: {tunnels: 20, tunnels-per-client: 10, pending-per-client: 5, memory: 64MiB, refusals-per-minute: 30, head-bytes: 2048}
            audit: {file: trail.jsonl, stdout: false, on-failure: continue, durability: disk, rotate: {size: 2GiB, daily: true, compress: true, keep: 90, keep-for: 400d, keep-size: 20GiB}, sign: {key: audit.pem, every: 50, interval: 10s}, mirrors: [{url: "syslog+tls://logs.corp:6514", format: ecs}], archive: {url: "s3://trails/fleet", endpoint: "https://s3.corp", region: eu-west-1, retain-for: 90d, lock: governance, keep-unarchived: false}}
            admin: {address: "127.0.0.1:19090"}
            """;

    @TempDir
    private Path directory;

    private Map<String, List<String>> settings(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), yaml);
        return AuditedPolicy.of(ConfigurationLoader.load(file, Map.of()).configuration())
                .settings();
    }

    private String digest(String yaml, Map<String, String> environment) throws Exception {
        Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), yaml);
        return Reloads.digest(ConfigurationLoader.load(file, environment).configuration());
    }

    @Test
    void the_same_configuration_has_the_same_digest() throws Exception {
        String digest = digest(EVERYTHING, Map.of());

        assertThat(digest).matches("[0-9a-f]{12}");
        assertThat(digest(EVERYTHING, Map.of())).isEqualTo(digest);
        assertThat(digest("# a comment\n" + EVERYTHING, Map.of())).isEqualTo(digest);
        assertThat(digest(EVERYTHING.replace("[us, eu]", "[eu, us]"), Map.of())).isEqualTo(digest);
        assertThat(digest(EVERYTHING.replace("[10.20.0.0/16, 10.30.0.0/16]", "[10.30.0.0/16, 10.20.0.0/16]"), Map.of()))
                .isEqualTo(digest);
        assertThat(digest(EVERYTHING.lines().sorted().collect(Collectors.joining("\n")), Map.of()))
                .as("in another order of the keys")
                .isEqualTo(digest);
        assertThat(digest(EVERYTHING, Map.of("KONNECT_PROXY_INSTANCE", "another")))
                .as("on another machine")
                .isEqualTo(digest);
        assertThat(digest(EVERYTHING, Map.of("KONNECT_PROXY_TIMEOUTS_HEAD", "5s")))
                .as("from the environment")
                .isEqualTo(digest);
        assertThat(digest(EVERYTHING.replace("dp:secret", "dp:other"), Map.of()))
                .as("a password")
                .isEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [us, eu]                    | [us]
        [data-plane, api]           | [data-plane, api, kic]
        [b, a]                      | [b]
        report-only                 | enforce
        kong.mirror.corp            | kong.mirror.example
        cdn.mirror.corp             | cdn.mirror.example
        10.20.0.0/16                | 10.21.0.0/16
        resumption: refuse          | resumption: permit
        127.0.0.1:13128             | 127.0.0.1:13129
        sources: [10.0.0.0/8]       | sources: [10.0.0.0/9]
        name: lab                   | name: laboratory
        source: 10.9.0.0/16         | source: 10.8.0.0/16
        clients-only: true          | clients-only: false
        http://dp:secret@proxy.corp | http://dp:secret@other.corp
        dp:secret@                  | ``
        dns: parent                 | dns: local
        10.0.0.5                    | 10.0.0.6
        10.0.0.2                    | 10.0.0.3
        timeout: 1s                 | timeout: 3s
        ipv4-only                   | ipv6-first
        head: 5s                    | head: 6s
        connect: 3s                 | connect: 2s
        client-hello: 9s            | client-hello: 8s
        idle: 1h                    | idle: 2h
        drain: 1m                   | drain: 2m
        tunnels: 20                 | tunnels: 21
        tunnels-per-client: 10      | tunnels-per-client: 11
        pending-per-client: 5       | pending-per-client: 6
        memory: 64MiB               | memory: 65MiB
        refusals-per-minute: 30     | refusals-per-minute: 31
        head-bytes: 2048            | head-bytes: 4096
        trail.jsonl                 | other.jsonl
        stdout: false               | stdout: true
        on-failure: continue        | on-failure: refuse
        durability: disk            | durability: os
        size: 2GiB                  | size: 3GiB
        daily: true                 | daily: false
        compress: true              | compress: false
        keep: 90                    | keep: 91
        keep-for: 400d              | keep-for: 401d
        keep-size: 20GiB            | keep-size: 21GiB
        key: audit.pem              | key: other.pem
        every: 50                   | every: 51
        interval: 10s               | interval: 11s
        logs.corp                   | logs.example
        format: ecs                 | format: ocsf
        s3://trails/fleet           | s3://trails/other
        https://s3.corp             | https://s3.example
        eu-west-1                   | eu-west-2
        retain-for: 90d             | retain-for: 91d
        lock: governance            | lock: compliance
        keep-unarchived: false      | keep-unarchived: true
        19090                       | 19091
        """)
    void another_configuration_has_another_digest(String from, String to) throws Exception {
        assertThat(EVERYTHING).contains(from);
        assertThat(digest(EVERYTHING.replaceFirst(Pattern.quote(from), to), Map.of()))
                .isNotEqualTo(digest(EVERYTHING, Map.of()));
    }

    @Test
    void names_everything_that_decides() throws Exception {
        Map<String, List<String>> settings = settings("""
                regions: [us, eu]
                purposes: [data-plane]
                control-planes: [b, a]
                mode: report-only
                extra-hosts:
                  - { name: mirror, host: kong.mirror.corp, expected-sni: [cdn.mirror.corp] }
                  - { name: other, host: other.corp }
                permit-addresses: [10.20.0.0/16]
                resumption: refuse
                audit:
                  on-failure: continue
                  durability: disk
                  mirrors: [{url: "syslog+tcp://127.0.0.1:601"}]
                  archive: { url: "s3://trails/fleet", retain-for: 90d, keep-unarchived: false, parent: "http://proxy.corp:3128" }
                parents: [{url: "http://dp:secret@proxy.corp:3128"}]
                """);
        assertThat(settings)
                .containsEntry("mode", List.of("report-only"))
                .containsEntry("regions", List.of("eu", "us"))
                .containsEntry("purposes", List.of("data-plane"))
                .containsEntry("control_planes", List.of("a", "b"))
                .containsEntry(
                        "extra_hosts",
                        List.of("mirror: kong.mirror.corp, server names cdn.mirror.corp", "other: other.corp"))
                .containsEntry("permit_addresses", List.of("10.20.0.0/16"))
                .containsEntry("resumption", List.of("refuse"))
                .containsEntry(
                        "audit",
                        List.of(
                                "on-failure continue",
                                "durability disk",
                                "mirror syslog+tcp://127.0.0.1:601",
                                "archive s3://trails/fleet, locked for 2160 hours (compliance), through proxy.corp:3128, files are"
                                        + " removed without it"));
        assertThat(settings.get("hosts"))
                .contains("{control-plane}.{region}.cp0.konghq.com")
                .doesNotHaveDuplicates();
    }

    @Test
    void names_who_comes_in_where_and_which_way_out_there_is() throws Exception {
        Path users = Files.writeString(
                directory.resolve("users"), "dp:$2y$10$KBCwKxOzLha2MUDgW0PjXe3YWzG9nt08N08NKofFFY/Mxyb/oaUy2\n");
        Map<String, List<String>> settings = settings("""
                regions: [us]
                listen:
                  - address: 0.0.0.0:3129
                    credentials: %s
                    sources: [10.0.0.0/8, "fd00::/8"]
                    proxy-protocol: [10.0.0.10/32]
                    probes: [10.0.0.11/32]
                  - address: "[::1]:3128"
                clients:
                  - { name: payments, user: dp, regions: [us, eu], purposes: [data-plane], control-planes: [b, a] }
                  - { name: lab, source: "::1/128", purposes: [api] }
                clients-only: true
                parents:
                  - { url: "http://user:s3cret@proxy.corp:3128", dns: parent }
                  - { url: "https://proxy.corp:3129", purposes: [data-plane, api] }
                source-address: 10.0.0.5
                dns: { family: ipv4-only }
                """.formatted(users));

        assertThat(settings)
                .containsEntry(
                        "listeners",
                        List.of(
                                "0.0.0.0:3129: credentials " + users
                                        + ", sources 10.0.0.0/8 fd00::/8, proxy-protocol 10.0.0.10/32, probes 10.0.0.11/32",
                                "[::1]:3128: plain, no demands"))
                .containsEntry(
                        "clients",
                        List.of(
                                "lab: source ::1/128, regions us, purposes api",
                                "payments: user dp, regions eu us, purposes data-plane, control-planes a b"))
                .containsEntry("clients_only", List.of("true"))
                .containsEntry(
                        "parents",
                        List.of(
                                "1: http://proxy.corp:3128, dns parent, with credentials",
                                "2: https://proxy.corp:3129, dns local, purposes api data-plane"))
                .containsEntry("source_address", List.of("10.0.0.5"))
                .containsEntry("dns", List.of("family ipv4-only"));
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings.get("hosts")).contains("{region}.api.konghq.com").doesNotContain("cloud.konghq.com");
    }

    @Test
    void names_portals_and_tenants_where_they_are_pinned() throws Exception {
        Map<String, List<String>> settings = settings("""
                regions: [us]
                purposes: [portal, identity]
                portals: [b, a]
                tenants: [acme]
                listen: [{address: 0.0.0.0:3128}]
                clients: [{name: lab, source: 10.0.0.0/8, portals: [c]}]
                """);

        assertThat(settings)
                .containsEntry("portals", List.of("a", "b"))
                .containsEntry("tenants", List.of("acme"))
                .containsEntry("control_planes", List.of())
                .containsEntry(
                        "clients",
                        List.of(
                                "lab: source 10.0.0.0/8, regions us, purposes identity portal, portals c, tenants acme"));
    }

    /** A trail that a proxy without these settings began goes on without a change that nobody made. */
    @Test
    void says_nothing_of_what_is_not_set() throws Exception {
        assertThat(settings("regions: [us]\nlisten: [{address: 0.0.0.0:3128}, {address: 127.0.0.1:3129}]")
                        .keySet())
                .containsExactly(
                        "mode",
                        "regions",
                        "purposes",
                        "control_planes",
                        "extra_hosts",
                        "permit_addresses",
                        "hosts",
                        "audit");
    }

    @Test
    void every_setting_is_one_of_the_schema() throws Exception {
        JsonNode known = new JsonMapper()
                .readTree(Files.readString(Path.of("../config/audit-line.schema.json")))
                .at("/$defs/configuration/properties/policy/properties");
        assertThat(settings("""
                        regions: [us]
                        listen: [{address: 127.0.0.1:1, sources: [127.0.0.0/8]}]
                        clients: [{name: a, source: 127.0.0.0/8}]
                        clients-only: true
                        parents: [{url: "http://a:1"}]
                        source-address: 10.0.0.5
                        dns: {family: ipv4-only}
                        purposes: [portal, identity]
                        portals: [a]
                        tenants: [a]
                        """).keySet()).hasSize(16).allMatch(known::has);
    }

    @Test
    void the_order_of_parents_makes_a_difference() throws Exception {
        String yaml = "regions: [us]\nparents: [{url: 'http://%s:1'}, {url: 'http://%s:1'}]";
        assertThat(settings(yaml.formatted("a", "b"))).isNotEqualTo(settings(yaml.formatted("b", "a")));
    }

    @Test
    void the_order_in_the_file_makes_no_difference() throws Exception {
        assertThat(settings("regions: [us, eu]\npurposes: [api, data-plane]"))
                .isEqualTo(settings("purposes: [data-plane, api]\nregions: [eu, us]"));
    }

    @Test
    void the_trail_says_what_changed_since_the_run_before() throws Exception {
        Path trail = directory.resolve("audit.jsonl");
        String rest = "listen: [{address: \"127.0.0.1:0\"}]\nadmin: {address: \"127.0.0.1:0\"}\naudit: {file: \""
                + trail + "\", stdout: false}\n";
        for (String regions : List.of("regions: [us]\n", "regions: [us]\n", "regions: [eu, us]\n")) {
            Path file = Files.writeString(directory.resolve("konnect-proxy.yaml"), regions + rest);
            ProxyServer.start(ConfigurationLoader.load(file, Map.of()).configuration())
                    .close();
        }
        List<JsonNode> configurations = new AuditLines(trail)
                .all().stream()
                        .filter(line -> AuditLines.text(line, "event").equals("configuration"))
                        .toList();
        assertThat(configurations).hasSize(3);
        assertThat(configurations.get(0).path("changed").isNull()).isTrue();
        assertThat(configurations.get(1).path("changed")).isEmpty();
        assertThat(AuditLines.text(configurations.get(1), "digest"))
                .isEqualTo(AuditLines.text(configurations.get(0), "digest"))
                .isNotEqualTo(AuditLines.text(configurations.get(2), "digest"));
        assertThat(configurations.get(2).path("changed").toString())
                .isEqualTo("[{\"key\":\"regions\",\"added\":[\"eu\"],\"removed\":[]}]");
    }
}
