package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationSummaryTest {
    private static final List<InetSocketAddress> BOUND = List.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40123),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 40124));
    private static final InetSocketAddress ADMIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9091);
    private static final String PAGES =
            "the live page is at http://127.0.0.1:9091/, metrics are at http://127.0.0.1:9091/metrics";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void says_at_the_start_where_it_listens_what_it_permits_and_where_the_audit_goes() {
        assertThat(startUp("regions: [us, eu]\npurposes: [data-plane, api]\n"
                        + "listen: [{address: 127.0.0.1:0}, {address: 127.0.0.1:0}]"))
                .containsExactly(
                        "listening on 127.0.0.1:40123",
                        "listening on 127.0.0.1:40124",
                        "permits regions eu, us; purposes api, data-plane; control planes of any tenant",
                        "audit goes to audit/konnect-proxy.jsonl and standard output; nothing is permitted while it"
                                + " cannot be written",
                        PAGES,
                        "warning: any tenant's control plane is reachable; pin yours with control-planes");
    }

    @Test
    void names_pins_and_extra_hosts() {
        assertThat(startUp("""
                        regions: [us]
                        purposes: [data-plane]
                        control-planes: [b, a]
                        extra-hosts: [{name: mirror, host: kong.mirror.corp}]
                        audit: {file: null, on-failure: continue}
                        """))
                .endsWith(
                        "permits regions us; purposes data-plane; control planes a, b only",
                        "permits extra hosts kong.mirror.corp (mirror)",
                        "audit goes to standard output; tunnels are permitted even while it cannot be written",
                        PAGES);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                              | 127.0.0.1:9091 | the live page is at http://127.0.0.1:9091/, metrics are at http://127.0.0.1:9091/metrics
            {}                                              | [::1]:9091     | the live page is at http://[::1]:9091/, metrics are at http://[::1]:9091/metrics
            {page: false}                                   | 127.0.0.1:9091 | metrics are at http://127.0.0.1:9091/metrics
            {address: "10.0.0.1:9091"}                      | 10.0.0.1:9091  | metrics are at http://10.0.0.1:9091/metrics
            {address: "0.0.0.0:9091", credentials: "FILES/users.htpasswd"} | 0.0.0.0:9091   | the live page is at http://ADDRESS-OF-THIS-MACHINE:9091/, metrics are at http://ADDRESS-OF-THIS-MACHINE:9091/metrics
            """)
    void says_where_the_live_page_is_as_far_as_there_is_one(String admin, String bound, String said) {
        LoadedConfiguration loaded = Examples.loadAt(
                ExampleFiles.longBefore(), directory, ExampleFiles.in("regions: [us]\nadmin: " + admin));
        assertThat(new ConfigurationSummary(loaded).startUp(List.of(), SocketAddresses.listening(bound)))
                .filteredOn(line -> line.contains("metrics"))
                .containsExactly(said);
    }

    @Test
    void names_the_file_alone_where_nothing_goes_to_standard_output() {
        assertThat(startUp("regions: [us]\naudit: {file: a.jsonl, stdout: false}"))
                .contains("audit goes to a.jsonl; nothing is permitted while it cannot be written");
    }

    @Test
    void what_does_not_take_effect_has_the_origin_of_what_decides() {
        LoadedConfiguration loaded = Examples.load(
                directory,
                "regions: [us]\naudit:\n  sign:\n    key: null\n    every: 500\n    interval: 2m\n",
                java.util.Map.of());

        assertThat(new ConfigurationSummary(loaded).full())
                .map(line -> line.replaceAll(" +", " "))
                .contains(
                        "audit.sign.key none (konnect-proxy.yaml:4)",
                        "audit.sign.every never, for there is no key (konnect-proxy.yaml:4)",
                        "audit.sign.interval never, for there is no key (konnect-proxy.yaml:4)");
    }

    @Test
    void names_the_mirrors() {
        assertThat(startUp("regions: [us]\naudit: {mirrors: [{url: 'syslog+tls://logs.corp:6514'}]}"))
                .contains("audit goes to audit/konnect-proxy.jsonl and standard output, copies to"
                        + " syslog+tls://logs.corp:6514; nothing is permitted while it cannot be written");
    }

    @Test
    void names_what_listeners_demand_who_has_rules_of_its_own_and_the_parents() {
        LoadedConfiguration loaded = Examples.loadAt(ExampleFiles.longBefore(), directory, ExampleFiles.in("""
                        regions: [us]
                        purposes: [api]
                        listen:
                          - address: 127.0.0.1:0
                            tls: { certificate: FILES/server.crt, key: FILES/server.key, client-ca: FILES/ca.crt }
                            credentials: FILES/users.htpasswd
                            sources: [127.0.0.0/8]
                            proxy-protocol: [127.0.0.1/32]
                          - address: 127.0.0.1:0
                        clients:
                          - { name: payments, user: dp-payments, purposes: [data-plane, portal], control-planes: [0646a7d680], portals: [mine, a] }
                          - { name: zone, certificate: zone.corp }
                          - { name: lab, source: 127.0.0.0/16 }
                        parents:
                          - { url: "https://a:s3cret@proxy.corp:3129", trust: FILES/ca.crt, purposes: [api] }
                          - { url: "http://127.0.0.1:3128", dns: parent, purposes: [data-plane] }
                        """));
        String until = loaded.facts()
                .get(0)
                .identity()
                .orElseThrow()
                .notAfter()
                .toString()
                .substring(0, 10);
        String demands = ExampleFiles.in("TLS as proxy.corp, proxy, certificate valid until " + until
                + "; client certificates of FILES/ca.crt; credentials of FILES/users.htpasswd (2 users);"
                + " clients from 127.0.0.0/8 only; PROXY header from 127.0.0.1/32");
        List<String> rules = List.of(
                "permits regions us; purposes api; control planes of any tenant",
                "permits client payments (user dp-payments): regions us; purposes data-plane, portal; control"
                        + " planes 0646a7d680 only; portals a, mine only",
                "permits client zone (certificate zone.corp): regions us; purposes api; control planes of any tenant",
                "permits client lab (source 127.0.0.0/16): regions us; purposes api; control planes of any tenant",
                ExampleFiles.in("goes through https://proxy.corp:3129 with a password, trusting FILES/ca.crt, asked for"
                        + " checked addresses, for api only"),
                "goes through http://127.0.0.1:3128, asked for names, which it resolves itself, for data-plane only",
                "dials all other hosts directly");

        assertThat(new ConfigurationSummary(loaded).startUp(BOUND, ADMIN))
                .startsWith("listening on 127.0.0.1:40123, with " + demands, "listening on 127.0.0.1:40124")
                .containsSubsequence(rules);
        assertThat(new ConfigurationSummary(loaded).full())
                .containsSubsequence("127.0.0.1:0: " + demands, "127.0.0.1:0: plain; anyone may come in")
                .containsSubsequence(rules)
                .anyMatch(line -> line.matches("clients +payments, zone, lab +\\(konnect-proxy.yaml:11\\)"))
                .anyMatch(line -> line.startsWith("parents  ")
                        && line.contains(" https://proxy.corp:3129, http://127.0.0.1:3128 "))
                .noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void says_that_nobody_else_is_permitted_anything() {
        assertThat(startUp("regions: [us]\nclients-only: true\nclients: [{name: a, source: 127.0.0.0/8}]"))
                .contains("permits nothing to clients without an entry")
                .noneMatch(line -> line.startsWith("permits regions"));
    }

    private List<String> startUp(String yaml) {
        LoadedConfiguration loaded = Examples.load(directory, yaml);
        return new ConfigurationSummary(loaded)
                .startUp(BOUND.subList(0, loaded.configuration().listen().size()), ADMIN);
    }
}
