package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rule that nobody or nothing could ever come under is an error, never a hole that nobody sees. */
class RuleWithoutEffectTest {
    private static final String TLS = "tls: {certificate: FILES/server.crt, key: FILES/server.key";

    @TempDir
    private Path directory = Path.of("");

    /**
     * The line of the problem, the configuration behind {@code regions: [us]} (a tilde ends a line), and the problem.
     * {@code ASKS} is a listener that demands credentials, {@code OPEN} one that demands nothing.
     */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        3 | OPEN ~ clients: [{name: a, user: dp}] | clients[0].user: no listener demands credentials, so nobody is ever known as 'dp'; give one a 'credentials' file
        2 | clients: [{name: a, user: dp}] | clients[0].user: no listener demands credentials, so nobody is ever known as 'dp'; give one a 'credentials' file
        3 | ASKS ~ clients: [{name: a, certificate: dp.corp}] | clients[0].certificate: no listener demands client certificates, so nobody is ever known as 'dp.corp'; give one a 'client-ca' under 'tls'
        3 | listen: [{address: 0.0.0.0:1, TLS}}] ~ clients: [{name: a, certificate: dp.corp}] | clients[0].certificate: no listener demands client certificates, so nobody is ever known as 'dp.corp'; give one a 'client-ca' under 'tls'
        3 | listen: [{address: 0.0.0.0:1, sources: [10.0.0.0/8]}] ~ clients: [{name: a, source: 192.168.0.0/16}] | clients[0].source: no listener lets anybody in from 192.168.0.0/16; add it to the 'sources' of one, or take the entry out
        3 | listen: [{address: 0.0.0.0:1, sources: [10.0.0.0/8]}] ~ clients: [{name: a, source: "fd00::/8"}] | clients[0].source: no listener lets anybody in from fd00::/8; add it to the 'sources' of one, or take the entry out
        2 | clients: [{name: a, source: "fd00::/8"}] | clients[0].source: no listener lets anybody in from fd00::/8; add it to the 'sources' of one, or take the entry out
        2 | clients: [{name: a}] | clients[0]: one of 'user', 'certificate' and 'source' must say whom the entry is for
        4 | ASKS ~ clients: ~ - {name: a, source: 10.0.0.0/8, ~    user: dp} | clients[0].source: 'user' says already whom the entry is for; make another entry of this
        3 | ASKS ~ clients: [{name: a, user: dp}, {name: b, user: dp}] | clients[1].user: the entry 'a' is for the same clients; make one of the two
        5 | OPEN ~ clients: ~ - {name: a, source: "2001:db8::/32"} ~ - {name: b, source: "2001:0DB8::/32"} | clients[1].source: the entry 'a' is for the same clients; make one of the two
        3 | ASKS ~ clients: [{name: a, user: dp}, {name: a, user: other}] | clients[1].name: two entries have the name 'a'
        3 | ASKS ~ clients: [{name: a, user: null}] | clients[0].user: has no value; leave it out for its default
        3 | ASKS ~ clients: [{name: a, user: "d:p"}] | clients[0].user: 'd:p' is no name of a user: it has a colon, which ends it
        3 | ASKS ~ clients: [{name: a, certificate: "*.corp"}] | clients[0].certificate: '*.corp' must be one exact name in the certificate; '*' stands for nothing here
        3 | ASKS ~ clients: [{name: a, source: 10.0.0.1}] | clients[0].source: '10.0.0.1' is not right: The prefix length is missing; write 10.0.0.1/32 for the one address.
        3 | ASKS ~ clients: [{name: a b, user: dp}] | clients[0].name: 'a b' must be letters, digits, '.', '_' and '-', at most 63
        3 | ASKS ~ clients: [{name: a, user: dp, region: [us]}] | clients[0]: unknown key 'region'; did you mean 'regions'? It must be one of: certificate, control-planes, name, portals, purposes, regions, source, tenants, user
        2 | clients-only: true | clients-only: there are no 'clients', so nobody could reach anything; add entries, or leave it out
        3 | clients: [] ~ clients-only: true | clients-only: there are no 'clients', so nobody could reach anything; add entries, or leave it out
        3 | ASKS ~ clients: [{name: a, user: dp, regions: []}] | clients[0].regions: at least one Konnect region must be named; leave the key out for those of all clients
        3 | ASKS ~ clients: [{name: a, user: dp, purposes: []}] | clients[0].purposes: at least one purpose must be named; leave the key out for those of all clients
        3 | ASKS ~ clients: [{name: a, user: dp, regions: [uk]}] | clients[0].regions: 'uk' is no Konnect region; did you mean 'us'? It must be one of: au, eu, in, me, sg, us
        3 | ASKS ~ clients: [{name: a, user: dp, purposes: [portal, api], control-planes: [0646a7d680]}] | clients[0].control-planes: none of the entry's purposes has hosts of control planes (api, portal); add data-plane, or leave the key out
        2 | listen: [{address: 0.0.0.0:1, tls: {client-ca: FILES/ca.crt}}] | listen[0].tls: key 'certificate' is missing
        2 | listen: [{address: 0.0.0.0:1, tls: {certificate: FILES/server.crt}}] | listen[0].tls: key 'key' is missing
        2 | listen: [{address: 0.0.0.0:1, tls: {}}] | listen[0].tls: key 'key' is missing
        2 | listen: [{address: 0.0.0.0:1, tls: null}] | listen[0].tls: expected keys and values here, found nothing
        2 | listen: [{address: 0.0.0.0:1, TLS, client-ca: }}] | listen[0].tls.client-ca: has no value; write 'null' or leave it out if nothing is meant
        2 | listen: [{address: 0.0.0.0:1, credentials: }] | listen[0].credentials: has no value; write 'null' or leave it out if nothing is meant
        2 | listen: [{address: 0.0.0.0:1, sources: }] | listen[0].sources: expected a list, like [a, b], found nothing
        2 | listen: [{address: 0.0.0.0:1, TLS, client-ca: /nowhere.crt}}] | listen[0].tls.client-ca: '/nowhere.crt' does not exist
        2 | listen: [{address: 0.0.0.0:1, tls: {key: FILES/server.key, certificate: /nowhere.crt}}] | listen[0].tls.certificate: '/nowhere.crt' does not exist
        2 | listen: [{address: 0.0.0.0:1, tls: {key: /, certificate: FILES/server.crt}}] | listen[0].tls.key: '/' is a directory; a file is needed
        2 | listen: [{address: 0.0.0.0:1, TLS, key-password-file: correct horse}}] | listen[0].tls.key-password-file: the file does not exist in HERE
        2 | listen: [{address: 0.0.0.0:1, credentials: /nowhere}] | listen[0].credentials: '/nowhere' does not exist
        2 | listen: [{address: 0.0.0.0:1, credentials: users.htpasswd}] | listen[0].credentials: 'users.htpasswd' does not exist in HERE
        2 | listen: [{address: 0.0.0.0:1, credentials: "dp:s3cret"}] | listen[0].credentials: the file does not exist in HERE
        2 | listen: [{address: 0.0.0.0:1, TLS, key-password-file: FILES/none}}] | listen[0].tls.key-password-file: 'FILES/none' does not exist
        2 | admin: {credentials: users.htpasswd} | admin.credentials: 'users.htpasswd' does not exist in HERE
        2 | admin: {credentials: "http://dp:s3cret@a"} | admin.credentials: the file does not exist in HERE
        2 | listen: [{address: 127.0.0.1:1, sources: ["fd00::/8"]}] | listen[0].sources: nobody from fd00::/8 ever comes to 127.0.0.1:1, which is of another family; leave the block out
        2 | listen: [{address: "[::1]:1", proxy-protocol: [10.0.0.0/8]}] | listen[0].proxy-protocol: nobody from 10.0.0.0/8 ever comes to [::1]:1, which is of another family; leave the block out
        2 | listen: [{address: "[::1]:1", TLS}, probes: [10.0.0.0/8]}] | listen[0].probes: nobody from 10.0.0.0/8 ever comes to [::1]:1, which is of another family; leave the block out
        2 | listen: [{address: 0.0.0.0:1, TLS}, sources: [10.0.0.0/8], probes: [10.1.0.0/16, 192.168.0.1/32]}] | listen[0].probes: whoever comes from 192.168.0.1/32 is refused, for 'sources' does not have it; add it there, or leave the block out
        2 | listen: [{address: 0.0.0.0:1, sources: [10.0.0.0/8, 10.0.0.0/8]}] | listen[0].sources: '10.0.0.0/8' stands twice
        2 | parents: [{url: "http://a:1", trust: FILES/ca.crt}] | parents[0].trust: there are no certificates without TLS; take https, or leave 'trust' out
        2 | parents: [{url: "https://a:1", trust: nowhere.crt}] | parents[0].trust: 'nowhere.crt' is no file; certificates in PEM are needed
        2 | parents: [{url: "https://a:1", trust: }] | parents[0].trust: has no value; write 'null' or leave it out if nothing is meant
        2 | parents: [{url: "http://u:p@a:1", credentials-file: FILES/parent.password}] | parents[0].credentials-file: the URL has a user and a password already; keep one of the two
        2 | parents: [{url: "http://a:1", credentials-file: /nowhere}] | parents[0].credentials-file: the file does not exist
        2 | parents: [{url: "http://a:1", credentials-file: /etc/nowhere/password}] | parents[0].credentials-file: '/etc/nowhere/password' does not exist
        2 | parents: [{url: "http://a:1", credentials-file: src/none}] | parents[0].credentials-file: 'src/none' does not exist in HERE
        2 | parents: [{url: "http://a:1", credentials-file: kT/9sQ/x}] | parents[0].credentials-file: the file does not exist in HERE
        2 | parents: [{url: "http://a:1", credentials-file: FILES/key.password}] | parents[0].credentials-file: the file must hold one line, user:password
        2 | parents: [{url: "http://a:1", credentials-file: FILES/ca.crt}] | parents[0].credentials-file: the file must hold one line, user:password
        4 | parents: ~  - url: http://u:p@a:1 ~  - url: http://A:1 | parents[1].url: an earlier parent is at http://a:1 for the same hosts; keep one of the two
        2 | parents: [{url: "http://a:1", purposes: [api, kic]}, {url: "http://a:1", purposes: [kic]}] | parents[1].url: an earlier parent is at http://a:1 for the same hosts; keep one of the two
        2 | parents: [{url: "http://a:1", purposes: [mesh]}] | parents[0].purposes: nobody may reach hosts of 'mesh', so the parent is for nothing there; permitted are api, data-plane, kic, platform, portal
        4 | ASKS ~ clients: [{name: a, user: dp, purposes: [mcp]}] ~ parents: [{url: "http://a:1", purposes: [api]}] ~ clients-only: true | parents[0].purposes: nobody may reach hosts of 'api', so the parent is for nothing there; permitted are mcp
        2 | parents: [{url: "http://a:1", purposes: []}] | parents[0].purposes: at least one purpose must be named; leave the key out for all hosts
        2 | parents: [{url: "http://a:1", dns: remote}] | parents[0].dns: 'remote' is not known; it must be one of: local, parent
        2 | parents: [{dns: parent}] | parents[0]: key 'url' is missing
        2 | parents: [{url: "http://127.0.0.1:3128"}] | parents[0].url: no parent can be there: the URL's address is a listener of this proxy (port 3128)
        2 | parents: [{url: "http://localhost:9090"}] | parents[0].url: no parent can be there: the URL's address is a listener of this proxy (port 9090)
        3 | listen: [{address: "0.0.0.0:1"}] ~ parents: [{url: "http://[::1]:1"}] | parents[0].url: no parent can be there: the URL's address is a listener of this proxy (port 1)
        2 | parents: [{url: "http://169.254.169.254:80"}] | parents[0].url: no parent can be there: the URL's address is instance metadata of most clouds (169.254.169.254/32)
        3 | parents: [{url: "http://a:1", dns: parent}] ~ permit-addresses: [10.0.0.0/8] | permit-addresses: no address is ever looked at, for the parents of these hosts resolve names themselves; take 'dns: local' for one, or leave the blocks out
        4 | purposes: [api, privatelink] ~ parents: [{url: "http://a:1", dns: parent, purposes: [privatelink]}] ~ permit-addresses: [10.0.0.0/8] | permit-addresses: no address is ever looked at, for the parents of these hosts resolve names themselves; take 'dns: local' for one, or leave the blocks out
        2 | source-address: 0.0.0.0 | source-address: '0.0.0.0' is no address to dial from; name one of this machine, or leave it out for what the system chooses
        2 | source-address: "ff02::1" | source-address: 'ff02::1' is no address to dial from; name one of this machine, or leave it out for what the system chooses
        2 | source-address: "fe80::1" | source-address: 'fe80::1' is of one link only, and nothing on the Internet is reached from it
        2 | source-address: egress.corp | source-address: 'egress.corp' must be an IP address alone, like 10.0.0.5 or fd00::5
        2 | source-address: 10.0.0.5:0 | source-address: '10.0.0.5:0' must be an IP address alone, like 10.0.0.5 or fd00::5
        2 | source-address: "::ffff:10.0.0.5" | source-address: '::ffff:10.0.0.5' has an IPv4 address in it; write 10.0.0.5
        3 | dns: {family: ipv6-only} ~ source-address: 10.0.0.5 | source-address: 10.0.0.5 is an IPv4 address and dns.family is ipv6-only, so nothing could be dialled; change one of them
        3 | dns: {family: ipv4-only} ~ source-address: "fd00::5" | source-address: fd00::5 is an IPv6 address and dns.family is ipv4-only, so nothing could be dialled; change one of them
        3 | parents: [{url: "http://[fd00::1]:3128"}] ~ source-address: 10.0.0.5 | source-address: the parent http://[fd00::1]:3128 cannot be dialled from 10.0.0.5; both must be of one family
        3 | dns: {family: ipv6-only} ~ parents: [{url: "http://10.0.0.1:3128"}] | parents[0].url: an IPv4 address is never dialled while dns.family is ipv6-only; change one of them
        3 | dns: {family: ipv4-only} ~ parents: [{url: "http://[fd00::1]:3128"}] | parents[0].url: an IPv6 address is never dialled while dns.family is ipv4-only; change one of them
        3 | dns: {family: ipv4-only} ~ permit-addresses: [10.0.0.0/8, "fd00::/8"] | permit-addresses: no IPv6 address is ever dialled while dns.family is ipv4-only; leave fd00::/8 out, or change one of them
        2 | permit-addresses: [10.0.0.0/8, 169.254.169.254/32] | permit-addresses: '169.254.169.254/32' is never dialled, permitted or not: instance metadata of most clouds (169.254.169.254/32); leave it out
        2 | permit-addresses: [239.0.0.0/8] | permit-addresses: '239.0.0.0/8' is never dialled, permitted or not: multicast (224.0.0.0/4); leave it out
        3 | purposes: [platform, api] ~ control-planes: [0646a7d680] | control-planes: none of the purposes has hosts of control planes (api, platform); add data-plane, or leave the key out
        3 | purposes: [platform, api] ~ portals: [mine] | portals: none of the purposes has hosts of portals (api, platform); add portal, or leave the key out
        2 | tenants: [mine] | tenants: none of the purposes has hosts of tenants (api, data-plane, kic, platform, portal); add identity, or leave the key out
        3 | ASKS ~ clients: [{name: a, user: dp, purposes: [api], tenants: [mine]}] | clients[0].tenants: none of the entry's purposes has hosts of tenants (api); add identity, or leave the key out
        2 | dns: {family: ipv4} | dns.family: 'ipv4' is not known; it must be one of: ipv4-first, ipv6-first, ipv4-only, ipv6-only
        """)
    void is_refused_with_a_sentence_that_says_so(int line, String yaml, String problem) {
        String here = Path.of("").toAbsolutePath().toString();
        assertThat(problems(yaml))
                .contains("konnect-proxy.yaml:" + line + ": "
                        + ExampleFiles.in(problem).replace("HERE", here));
    }

    /** Near neighbours of what is refused. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ASKS ~ clients: [{name: a, user: dp}]
        listen: [{address: 0.0.0.0:1, TLS, client-ca: FILES/ca.crt}}] ~ clients: [{name: a, certificate: dp.corp}]
        listen: [{address: 0.0.0.0:1, TLS, client-ca: null}, credentials: null, sources: [], proxy-protocol: []}]
        listen: [{address: 0.0.0.0:1, sources: [10.0.0.0/8]}] ~ clients: [{name: a, source: 10.1.0.0/16}]
        listen: [{address: 0.0.0.0:1, sources: [10.1.0.0/16]}] ~ clients: [{name: a, source: 10.0.0.0/8}]
        listen: [{address: 127.0.0.1:1, TLS}, proxy-protocol: [127.0.0.0/8], probes: ["fd00::/8"]}]
        listen: [{address: 127.0.0.1:1, proxy-protocol: [127.0.0.0/8]}] ~ clients: [{name: a, source: "fd00::/8"}]
        OPEN ~ clients: [{name: a, source: "fd00::/8"}]
        OPEN ~ clients: [{name: a, source: 10.0.0.0/8}, {name: b, source: 10.0.0.0/9}]
        ASKS ~ clients: [{name: a, user: dp, purposes: [mcp], regions: [sg]}] ~ extra-hosts: [{name: a, host: a.corp}]
        ASKS ~ clients: [{name: a, user: dp}] ~ clients-only: true
        control-planes: [0646a7d680] ~ ASKS ~ clients: [{name: a, user: dp, purposes: [api]}]
        parents: [{url: "https://a:1", trust: null, credentials-file: null}]
        parents: [{url: "http://a:1", purposes: [api]}, {url: "http://a:1", purposes: [kic]}]
        parents: [{url: "http://a:1"}, {url: "https://a:1"}, {url: "http://a:2"}]
        parents: [{url: "http://127.0.0.1:3129"}, {url: "http://10.0.0.1:3128"}, {url: "http://[fd00::1]:443"}]
        ASKS ~ clients: [{name: a, user: dp, purposes: [mesh]}] ~ parents: [{url: "http://a:1", purposes: [mesh]}]
        parents: [{url: "http://a:1", dns: parent, purposes: [api]}] ~ permit-addresses: [10.0.0.0/8]
        parents: [{url: "http://a:1", dns: parent}, {url: "http://b:1"}] ~ permit-addresses: [10.0.0.0/8]
        purposes: [api, privatelink] ~ parents: [{url: "http://a:1", dns: parent, purposes: [api]}] ~ permit-addresses: [10.0.0.0/8]
        dns: {family: ipv6-only} ~ permit-addresses: [10.0.0.0/8] ~ parents: [{url: "http://localhost:1"}]
        permit-addresses: [169.254.0.0/16, "::/0"]
        purposes: [api] ~ control-planes: [0646a7d680] ~ ASKS ~ clients: [{name: a, user: dp, purposes: [data-plane]}]
        purposes: [api] ~ portals: [mine] ~ ASKS ~ clients: [{name: a, user: dp, purposes: [portal]}]
        purposes: [api] ~ mode: report-only ~ permit-addresses: [10.0.0.0/8] ~ parents: [{url: "http://a:1", dns: parent, purposes: [api]}]
        source-address: null
        source-address: 10.0.0.5 ~ dns: {family: ipv4-only} ~ parents: [{url: "http://proxy:3128"}, {url: "http://10.0.0.9:1"}]
        """)
    void what_can_take_effect_is_not_refused(String yaml) {
        assertThat(problems(yaml)).isEmpty();
    }

    /** In the table that is shipped, each purpose has a host in each region. */
    @Test
    void purposes_without_a_host_in_the_regions_permit_nothing() throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hosts.yaml"),
                Files.readString(Examples.SHIPPED_HOSTS)
                        .replaceFirst("(?m)^ *- patterns: \\[global\\.mcp.*\\R.*\\R.*\\R", ""));
        String table = "konnect-hosts: \"" + hosts + "\"\n";
        assertThat(Examples.problems(directory, table + "regions: [sg]\npurposes: [mcp]\n", Map.of()))
                .containsExactly("konnect-proxy.yaml:3: purposes: nothing is permitted, for none of the purposes has a"
                        + " host in the regions; add one of either");
        assertThat(Examples.problems(directory, table + "regions: [sg, us]\npurposes: [mcp]\n", Map.of()))
                .isEmpty();
        assertThat(Examples.problems(
                        directory,
                        table + "regions: [sg]\npurposes: [mcp]\nextra-hosts: [{name: a, host: a.corp}]\n",
                        Map.of()))
                .isEmpty();
        assertThat(problems(table.strip() + " ~ ASKS ~ clients: [{name: a, user: dp, purposes: [mcp], regions: [sg]}]"))
                .contains(
                        "konnect-proxy.yaml:4: clients[0]: the entry permits no host, for none of its purposes has one in"
                                + " its regions");
    }

    @Test
    void a_password_of_a_key_that_has_none_is_of_no_use() {
        assertThat(problems("listen: [{address: 0.0.0.0:1, TLS, key-password-file: FILES/key.password}}]"))
                .singleElement()
                .asString()
                .startsWith("konnect-proxy.yaml:2: listen[0].tls: ")
                .doesNotContain("of the key\n");
    }

    @Test
    void a_broken_certificate_is_a_problem_of_tls_and_of_nothing_else() {
        assertThat(
                        problems(
                                "listen: [{address: 0.0.0.0:1, tls: {certificate: FILES/server.key, key: FILES/server.key,"
                                        + " client-ca: FILES/ca.crt}}] ~ clients: [{name: a, certificate: dp.corp}, {name: b, user: dp}]"))
                .singleElement()
                .asString()
                .startsWith("konnect-proxy.yaml:2: listen[0].tls: ")
                .contains(ExampleFiles.KEY)
                .doesNotEndWith(".");
    }

    @Test
    void what_is_wrong_with_one_list_is_not_said_again_of_the_next() {
        assertThat(problems("listen: [{address: nowhere}] ~ clients: [{name: a, user: dp, purposes: [none]}]"
                        + " ~ clients-only: true ~ parents: [{url: nowhere, dns: parent, purposes: [mesh]}]"
                        + " ~ permit-addresses: [10.0.0.0/8]"))
                .extracting(problem -> problem.substring(0, problem.indexOf(' ', problem.indexOf(' ') + 1)))
                .containsExactly(
                        "konnect-proxy.yaml:2: listen[0].address:",
                        "konnect-proxy.yaml:3: clients[0].purposes:",
                        "konnect-proxy.yaml:5: parents[0].url:");
    }

    @Test
    void a_users_file_without_users_lets_nobody_in() throws IOException {
        Path empty = Files.writeString(directory.resolve("users"), "# nobody\n");
        assertThat(problems("listen: [{address: 0.0.0.0:1, credentials: " + empty + "}]"))
                .singleElement()
                .asString()
                .startsWith("konnect-proxy.yaml:2: listen[0].credentials: users");
    }

    private List<String> problems(String yaml) {
        String text = ExampleFiles.in(yaml.replace("TLS", TLS)
                .replace("ASKS", "listen: [{address: 0.0.0.0:1, credentials: FILES/users.htpasswd}]")
                .replace("OPEN", "listen: [{address: 0.0.0.0:1}]"));
        return Examples.problems(directory, "regions: [us]\n" + text.replaceAll(" *~ ?", "\n"), Map.of());
    }
}
