package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarningsTest {
    private static final String QUIET = "regions: [us]\ncontrol-planes: [0646a7d680]\nportals: [my-portal]\n";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void there_are_none_for_pins_and_defaults() {
        assertThat(Examples.load(directory, QUIET).warnings()).isEmpty();
    }

    @Test
    void without_pins_any_tenant_is_reachable() {
        assertThat(Examples.load(directory, "regions: [us]").warnings())
                .containsExactly("any tenant's control plane is reachable; pin yours with control-planes");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        control-planes: [a] ~ purposes: [data-plane, portal] | any tenant's portal can be reached, while control-planes are pinned (konnect-proxy.yaml:2); pin portals, or leave purpose portal out
        control-planes: [a] ~ purposes: [data-plane, portal] ~ portals: [b] | -
        control-planes: [a] ~ purposes: [data-plane] | -
        control-planes: [a] ~ purposes: [data-plane, identity] | any tenant of Kong Identity can be reached, while control-planes are pinned (konnect-proxy.yaml:2); pin tenants, or leave purpose identity out
        portals: [a] ~ purposes: [portal, identity] | any tenant of Kong Identity can be reached, while portals are pinned (konnect-proxy.yaml:2); pin tenants, or leave purpose identity out
        portals: [a] ~ purposes: [portal, data-plane] | any tenant's control plane is reachable; pin yours with control-planes
        purposes: [portal, identity] | -
        control-planes: [a] ~ purposes: [data-plane] ~ OPEN ~ clients: [{name: c, source: 10.0.0.0/8, purposes: [portal]}] | any tenant's portal can be reached for client 'c', while control-planes are pinned (konnect-proxy.yaml:2); pin portals, or leave purpose portal out
        portals: [a] ~ purposes: [portal] ~ OPEN ~ clients: [{name: c, source: 10.0.0.0/8, portals: []}] | any tenant's portal can be reached for client 'c', while portals are pinned (konnect-proxy.yaml:2); pin portals, or leave purpose portal out
        portals: [a] ~ purposes: [portal] ~ OPEN ~ clients: [{name: c, source: 10.0.0.0/8}] | -
        purposes: [portal] ~ OPEN ~ clients: [{name: c, source: 10.0.0.0/8, portals: [b]}] | any tenant's portal can be reached, while portals are pinned; pin portals, or leave purpose portal out
        """)
    void a_label_that_is_open_beside_a_pinned_one_is_a_hole(String yaml, @Nullable String warning) {
        assertThat(Examples.load(
                                directory,
                                "regions: [us]\n" + lines(yaml).replace("OPEN", "listen: [{address: 0.0.0.0:1}]"))
                        .warnings())
                .isEqualTo(warning == null ? List.of() : List.of(warning));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        {name: x, host: other.us.cp0.konghq.com} | other.us.cp0.konghq.com, a host of a control plane that is not pinned, can be reached through 'x' of extra-hosts (konnect-proxy.yaml:4)
        {name: x, host: other.eu.kongportals.com} | other.eu.kongportals.com, a host of a portal that is not pinned, can be reached through 'x' of extra-hosts (konnect-proxy.yaml:4)
        {name: x, host: mirror.corp, expected-sni: [other.us.tp.konghq.com]} | other.us.tp.konghq.com, a host of a control plane that is not pinned, can be reached through 'x' of extra-hosts (konnect-proxy.yaml:4)
        {name: x, host: 0646a7d680.us.cp0.konghq.com} | -
        {name: x, host: other.us.identity.konghq.com} | -
        {name: x, host: mirror.corp} | -
        """)
    void an_extra_host_of_another_tenant_passes_the_pins(String host, @Nullable String warning) {
        assertThat(Examples.load(directory, QUIET + "extra-hosts: [" + host + "]")
                        .warnings())
                .isEqualTo(warning == null ? List.of() : List.of(warning));
    }

    @Test
    void without_the_purpose_there_is_nothing_to_pin() {
        assertThat(Examples.load(directory, "regions: [us]\npurposes: [api]").warnings())
                .isEmpty();
    }

    @Test
    void report_only_lets_everything_through() {
        assertThat(Examples.load(directory, QUIET + "mode: report-only").warnings())
                .containsExactly("hosts that are refused are let through all the same (mode: report-only)");
    }

    @Test
    void kong_does_not_wait_longer_than_five_seconds() {
        assertThat(Examples.load(directory, QUIET + "timeouts: {connect: 4500ms}")
                        .warnings())
                .containsExactly(
                        "timeouts.connect is 4500ms, but a Kong data plane waits 5s in all; 4s leaves it time to"
                                + " read the answer");
    }

    @Test
    void resolving_is_a_part_of_connecting() {
        assertThat(Examples.load(directory, QUIET + "dns: {timeout: 4s}").warnings())
                .containsExactly(
                        "dns.timeout is 4s, but timeouts.connect, 4s, is for resolving and connecting together; a"
                                + " slow name leaves no time to connect");
    }

    @Test
    void kong_is_silent_for_half_a_minute() {
        assertThat(Examples.load(directory, QUIET + "timeouts: {idle: 30s}").warnings())
                .containsExactly("timeouts.idle is 30s, but a Kong data plane sends a ping every 30s only; healthy"
                        + " tunnels will be cut");
    }

    @Test
    void a_device_that_keeps_nothing_is_no_trail() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("trail.jsonl"), Path.of("/dev/null"));
        for (String file : List.of("/dev/null", "/dev/../dev/null", link.toString())) {
            assertThat(Examples.load(directory, QUIET + "audit: {file: " + file + "}")
                            .warnings())
                    .containsExactly("the audit trail goes to " + file
                            + ", which keeps no line, so nothing can be verified later; name a file with audit.file");
        }
    }

    @Test
    void a_mirror_elsewhere_wants_tls() {
        assertThat(Examples.load(directory, QUIET + """
                        audit:
                          mirrors:
                            - url: syslog+tcp://logs.corp:601
                            - url: otlp+http://127.0.0.1:4318
                            - url: otlp+http://[::1]:4318
                            - url: otlp+https://collector.corp:4318
                        """).warnings())
                .containsExactly(
                        "audit lines go to syslog+tcp://logs.corp:601 for anyone on the way to read and to change;"
                                + " take syslog+tls for TLS");
    }

    @Test
    void an_archive_that_leaves_something_unproven_says_what() {
        assertThat(Examples.load(directory, QUIET + """
                        audit: {archive: {url: s3://trails, endpoint: "http://s3.corp:9000"}}
                        """).warnings())
                .containsExactly(
                        "the archive's files go to http://s3.corp:9000 for anyone on the way to read; take https for TLS",
                        "nothing is signed, so the archive does not show that a trail's end is missing; set audit.sign.key",
                        "whoever has the right to remove objects can remove the archive's; set audit.archive.retain-for, in a"
                                + " bucket with Object Lock",
                        "a file is archived once it is finished, which takes a quiet proxy weeks; until then its lines are only"
                                + " on this machine; set audit.rotate.daily");
        assertThat(Examples.load(directory, QUIET + """
                        audit:
                          rotate: {daily: true}
                          sign: {key: audit.pem}
                          archive: {url: s3://trails, endpoint: "http://[::1]:9000", retain-for: 400d}
                        """).warnings()).isEmpty();
    }

    private static final String PUSHED_OUT =
            "clients that are refused can push earlier lines out of the audit trail within a"
                    + " day: %s of finished files are kept, and refusals can take up to 6GiB a day; keep more with audit.rotate";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        {size: 1MiB, keep: 3}                                   | 3MiB
        {keep: 20}                                              | 5GiB
        {keep: 23}                                              | -
        {keep-size: 5GiB}                                       | 5GiB
        {keep-size: 6GiB}                                       | -
        {keep: 90, keep-size: 1GiB}                             | 1GiB
        {keep: 3, keep-size: 8GiB}                              | 768MiB
        {size: null, daily: true, keep: 3}                      | -
        {size: null, daily: true, keep: 3, keep-size: 1GiB}     | 1GiB
        {keep-for: 1h}                                          | -
        """)
    void a_flood_pushes_nothing_out_within_a_day(String rotate, @Nullable String kept) {
        assertThat(Examples.load(directory, QUIET + "audit: {rotate: " + rotate + "}")
                        .warnings())
                .isEqualTo(kept == null ? List.of() : List.of(PUSHED_OUT.formatted(kept)));
    }

    @Test
    void what_a_flood_takes_in_a_day_is_every_line_of_every_minute_at_its_longest() {
        assertThat(AuditWarnings.MOST_A_DAY).isEqualTo(1_440L * (1_000 + 1_000 + 1) * 2_048);
    }

    /** What a warning is about, and beside it what is not: one more list of the file, and the warnings that it brings. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
        listen: [{address: 0.0.0.0:1, credentials: FILES/users.htpasswd}] | passwords come to 0.0.0.0:1 for anyone on the way to read; give the listener 'tls'
        listen: [{address: 127.0.0.1:1, credentials: FILES/users.htpasswd}] | -
        listen: [{address: 0.0.0.0:1, TLS, credentials: FILES/users.htpasswd}] | -
        listen: [{address: 127.0.0.1:1, credentials: FILES/cheap.htpasswd}] | whoever gets hold of the 'credentials' file of 127.0.0.1:1 soon has some of the passwords; set them anew with 'konnect-proxy user': dp
        listen: [{address: 0.0.0.0:1}] | -
        listen: [{address: 0.0.0.0:1, proxy-protocol: [0.0.0.0/0]}] | anyone may tell 0.0.0.0:1 a client address of their choice, for PROXY headers are taken from 0.0.0.0/0; name the load balancers alone
        listen: [{address: 0.0.0.0:1, proxy-protocol: [10.0.0.0/8]}] | -
        listen: [{address: 127.0.0.1:1, proxy-protocol: [10.0.0.0/8]}] | 127.0.0.1:1 is reached from this machine only, and no PROXY headers come from 10.0.0.0/8 there
        listen: [{address: 127.0.0.1:1, sources: [10.0.0.0/8, 192.168.0.0/16]}] | 127.0.0.1:1 is reached from this machine only, and no clients come from 10.0.0.0/8, 192.168.0.0/16 there
        listen: [{address: 127.0.0.1:1, sources: [10.0.0.0/8, 127.0.0.0/8]}] | -
        listen: [{address: 127.0.0.1:1, sources: [10.0.0.0/8], proxy-protocol: [127.0.0.1/32]}] | -
        listen: [{address: 0.0.0.0:1, TLS, probes: [10.0.0.10/32]}] | -
        listen: [{address: 0.0.0.0:1, probes: [10.0.0.10/32]}] | probes of 0.0.0.0:1 change nothing, for a connection without a request leaves no line where there is no 'tls'
        listen: [{address: 0.0.0.0:1, TLS, probes: [0.0.0.0/0]}] | nobody is told of clients that do not trust the certificate of 0.0.0.0:1, for health probes may come from 0.0.0.0/0; name their addresses alone
        ASKS ~ clients: [{name: a, user: nobody}] | client 'a' is for the user 'nobody', who is in no 'credentials' file at the moment
        ASKS ~ clients: [{name: a, user: dp-orders}] | -
        clients: [{name: a, source: 10.0.0.0/8}] | client 'a' is for 10.0.0.0/8, and every listener is reached from this machine only
        clients: [{name: a, source: 127.0.0.0/8}] | -
        clients: [{name: a, source: 127.0.0.0/8, control-planes: []}] | any tenant's control plane is reachable for client 'a'; pin yours with control-planes
        clients: [{name: a, source: 127.0.0.0/8, control-planes: [], purposes: [api]}] | -
        ASKS, {address: 0.0.0.0:2}] ~ clients-only: true ~ clients: [{name: a, user: dp-orders}] | whoever comes to 0.0.0.0:2 is refused, for no entry of clients can be theirs there (clients-only)
        ASKS, {address: 0.0.0.0:2}] ~ clients-only: true ~ clients: [{name: a, source: 10.0.0.0/8}] | -
        parents: [{url: "http://a:1", dns: parent}] | nobody here checks which addresses http://a:1 connects to, for it resolves names itself (dns: parent)
        parents: [{url: "http://u:p@a:1"}] | the password for http://a:1 goes there for anyone on the way to read; take https if the parent has it
        parents: [{url: "http://u:p@127.0.0.2:1"}, {url: "https://u:p@a:1"}] | -
        purposes: [privatelink, data-plane, portal] | hosts of privatelink have private addresses, and none may be dialled; name their block in permit-addresses
        purposes: [privatelink, data-plane, portal] ~ permit-addresses: [10.0.0.0/8] | -
        clients: [{name: a, source: 127.0.0.0/8, purposes: [privatelink]}] | hosts of privatelink have private addresses, and none may be dialled; name their block in permit-addresses
        parents: [{url: "http://squid:3128"}] | -
        parents: [{url: "http://squid:3128"}, {url: "http://squid.corp:3128"}, {url: "http://[fd00::1]:3128"}, {url: "http://localhost:3129"}] ~ dns: {servers: [10.0.0.2]} | dns.servers are asked for 'squid' as it stands, without the system's search list; write its whole name, or leave dns.servers out
        extra-hosts: [{name: v, host: vault}] ~ dns: {servers: [10.0.0.2]} | dns.servers are asked for 'vault' as it stands, without the system's search list; write its whole name, or leave dns.servers out
        source-address: 10.0.0.5 | -
        source-address: 10.0.0.5 ~ dns: {family: ipv6-first} | only IPv4 addresses can be dialled from source-address, 10.0.0.5; set dns.family to ipv4-only
        source-address: "fd00::5" | only IPv6 addresses can be dialled from source-address, fd00::5; set dns.family to ipv6-only
        source-address: 127.0.0.2 | nothing but this machine is reached from source-address, 127.0.0.2
        """)
    void of_ways_in_and_out(String yaml, @Nullable String warning) {
        assertThat(Examples.loadAt(ExampleFiles.longBefore(), directory, QUIET + lines(yaml))
                        .warnings())
                .isEqualTo(warning == null ? List.of() : List.of(warning));
    }

    @Test
    void report_only_and_clients_only_do_not_go_together() {
        assertThat(Examples.load(
                                directory,
                                QUIET + "mode: report-only\nclients-only: true\n"
                                        + "clients: [{name: a, source: 127.0.0.0/8}]")
                        .warnings())
                .containsExactly(
                        "hosts that are refused are let through all the same (mode: report-only)",
                        "clients-only keeps nobody out while 'mode' is report-only");
    }

    @Test
    void privatelink_behind_a_parent_that_resolves_needs_no_addresses() {
        assertThat(Examples.load(
                                directory,
                                QUIET
                                        + "purposes: [privatelink, data-plane, portal]\nparents: [{url: 'http://a:1', dns: parent}]")
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("nobody here checks");
    }

    @Test
    void a_certificate_that_expires_within_two_weeks() {
        String yaml = QUIET + lines("listen: [{address: 0.0.0.0:1, TLS}]");
        Instant end = Examples.load(directory, yaml)
                .facts()
                .get(0)
                .identity()
                .orElseThrow()
                .notAfter();

        assertThat(Examples.loadAt(end.minus(Duration.ofDays(14)), directory, yaml)
                        .warnings())
                .isEmpty();
        assertThat(Examples.loadAt(end.minus(Duration.ofDays(14)).plusSeconds(1), directory, yaml)
                        .warnings())
                .containsExactly("the certificate of 0.0.0.0:1 is valid until " + end + " only; renew it");
    }

    private static String lines(String yaml) {
        return ExampleFiles.in(yaml.replace("TLS", "tls: {certificate: FILES/server.crt, key: FILES/server.key}")
                .replace("ASKS, ", "listen: [{address: 127.0.0.1:1, credentials: FILES/users.htpasswd}, ")
                .replace("ASKS", "listen: [{address: 127.0.0.1:1, credentials: FILES/users.htpasswd}]")
                .replaceAll(" *~ ?", "\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        {address: 127.0.0.1:1} | - | -
        {address: 127.0.0.1:1, credentials: FILE} | - | -
        {address: 0.0.0.0:1, page: false} | - | -
        {address: 0.0.0.0:1} | - | the live page is off, for admin.address is not a loopback address, and admin.credentials names no users file
        {address: 0.0.0.0:1, page: true} | there is no live page although admin.page is true, for admin.address is not a loopback address, and admin.credentials names no users file | -
        {address: 0.0.0.0:1, credentials: FILE} | passwords for the live page come to 0.0.0.0:1 for anyone on the way to read; let admin.address be a loopback address, and reach it through a tunnel or a proxy with TLS | -
        {address: 0.0.0.0:1, page: false, credentials: FILE} | - | -
        """)
    void a_live_page_for_the_network_needs_users(String admin, @Nullable String warning, @Nullable String line) {
        LoadedConfiguration loaded =
                Examples.load(directory, QUIET + "admin: " + admin.replace("FILE", ExampleFiles.USERS));
        assertThat(loaded.warnings()).isEqualTo(warning == null ? List.of() : List.of(warning));
        ConfigurationSummary summary = new ConfigurationSummary(loaded);
        for (List<String> shown : List.of(
                summary.full(),
                summary.startUp(List.of(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090)))) {
            assertThat(shown.stream()
                            .filter(each -> each.startsWith("the live page is off"))
                            .toList())
                    .isEqualTo(line == null ? List.of() : List.of(line));
        }
    }
}
