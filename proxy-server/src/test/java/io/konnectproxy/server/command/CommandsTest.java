package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a shell sees them: what they print where, and how they end. */
class CommandsTest {
    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    private record Ended(int code, String out, String err) {
        List<String> outLines() {
            return out.lines().toList();
        }
    }

    @BeforeEach
    void configure() throws IOException {
        file = directory.resolve("konnect-proxy.yaml");
        write("regions: [us]\nextra-hosts: [{name: mirror, host: kong.mirror.corp}]\n");
    }

    @Test
    void check_says_what_it_amounts_to_and_where_each_value_came_from() {
        Ended ended = run(Map.of("KONNECT_PROXY_TIMEOUTS_IDLE", "20m"), "check", "-c", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.outLines())
                .contains(
                        "listen                       127.0.0.1:3128                         (default)",
                        "regions                      us                                     (konnect-proxy.yaml:1)",
                        "timeouts.idle                20m                                    (KONNECT_PROXY_TIMEOUTS_IDLE)",
                        "Permitted on port 443: 10 Konnect host patterns, 1 of extra-hosts, control planes of any tenant.",
                        "warning: any tenant's control plane is reachable; pin yours with control-planes")
                .containsSubsequence(
                        run(Map.of(), "hosts", "-c", file.toString()).outLines());
    }

    @Test
    void check_names_the_resolvers_that_are_asked() throws IOException {
        Files.writeString(file, "regions: [us]\ndns: {servers: [10.0.0.2]}\n");
        assertThat(run(Map.of(), "check", "-c", file.toString()).outLines())
                .contains(
                        "Names are resolved by 10.0.0.2:53 (dns.servers). /etc/resolv.conf and /etc/hosts are not read.");
    }

    @Test
    void check_lists_every_problem_on_standard_error() throws IOException {
        write("regions: [ue]\nmode: off\n");
        Ended ended = run(Map.of(), "check", "-c", file.toString());

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith(file + ":"))
                .noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void check_says_that_the_key_of_the_trail_cannot_be_used() throws IOException {
        Path key = Files.writeString(directory.resolve("audit.pem"), "no key");
        write("regions: [us]\naudit: {sign: {key: " + key + "}}\n");
        Ended ended = run(Map.of(), "check", "-c", file.toString());

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .singleElement()
                .asString()
                .startsWith(file + ":2: audit.sign.key: " + key + " is not a PEM file")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "hosts", "explain"})
    void every_command_needs_its_configuration(String command) {
        String[] arguments = command.equals("explain")
                ? new String[] {command, "cloud.konghq.com:443", "-c", directory + "/none.yaml"}
                : new String[] {command, "-c", directory + "/none.yaml"};
        Ended ended = run(Map.of("KONNECT_PROXY_REGIONS", "us"), arguments);

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .containsExactly(directory + "/none.yaml: there is no such file; name another with -c FILE");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        0646a7d680.us.cp0.konghq.com:443 | 0 | permitted: konnect_host, {control-plane}.{region}.cp0.konghq.com, purpose data-plane, region us, control plane 0646a7d680 (none is pinned)
        CLOUD.konghq.com:443             | 0 | permitted: konnect_host, cloud.konghq.com, purpose platform
        kong.mirror.corp:443             | 0 | permitted: extra_host, 'mirror' of extra-hosts
        eu.api.konghq.com:443            | 1 | refused: region_not_enabled, 403 Konnect region is not enabled. Add eu to regions.
        example.com:443                  | 1 | refused: host_not_konnect, 403 Host is not a Konnect host. Only Konnect hosts and entries of extra-hosts are permitted.
        us.api.konghq.com:8071           | 1 | refused: port_not_allowed, 403 Only port 443 is permitted. Konnect sends its audit logs from this port to you; a data plane never dials it.
        10.0.0.1:443                     | 1 | refused: ip_literal, 403 IP addresses are not permitted. Name a Konnect host instead of an address.
        us.api.konghq.com:0443           | 1 | refused: malformed_request, 400 Malformed CONNECT request. The port must be a plain decimal number from 1 to 65535.
        """)
    void explain_gives_the_verdict_and_its_reason(String target, int code, String line) {
        Ended ended = run(Map.of(), "explain", target, "-c", file.toString());

        assertThat(ended.outLines()).containsExactly(line);
        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.err()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
        https://cloud.konghq.com:443/|cloud.konghq.com:443|0|permitted: konnect_host, cloud.konghq.com, purpose platform
        https://cloud.konghq.com|cloud.konghq.com:443|0|permitted: konnect_host
        https://us.api.konghq.com:/v2|us.api.konghq.com:443|0|permitted: konnect_host
        http://u:s3cret@us.api.konghq.com:443/v2?a=b|us.api.konghq.com:443|0|permitted: konnect_host
        https://u:s3cret@p@us.api.konghq.com/|us.api.konghq.com:443|0|permitted: konnect_host
        https://us.api.konghq.com/users/@me|us.api.konghq.com:443|0|permitted: konnect_host
        HTTPS://US.API.KONGHQ.COM/|us.api.konghq.com:443|0|permitted: konnect_host
        cloud.konghq.com|cloud.konghq.com:443|0|permitted: konnect_host
        cloud.konghq.com/|cloud.konghq.com:443|0|permitted: konnect_host
        us.api.konghq.com?x=1|us.api.konghq.com:443|0|permitted: konnect_host
        wss://cloud.konghq.com/|cloud.konghq.com:443|0|permitted: konnect_host
         cloud.konghq.com:443 |cloud.konghq.com:443|0|permitted: konnect_host
        "'cloud.konghq.com:443'"|cloud.konghq.com:443|0|permitted: konnect_host
        \u201ccloud.konghq.com\u201d|cloud.konghq.com:443|0|permitted: konnect_host
        \u00a0cloud.konghq.com\u200b|cloud.konghq.com:443|0|permitted: konnect_host
        `https://cloud.konghq.com`|cloud.konghq.com:443|0|permitted: konnect_host
        <https://cloud.konghq.com>|cloud.konghq.com:443|0|permitted: konnect_host
        CONNECT cloud.konghq.com:443 HTTP/1.1|cloud.konghq.com:443|0|permitted: konnect_host
        http://cloud.konghq.com/|cloud.konghq.com:80|1|refused: port_not_allowed
        https://cloud.konghq.com:8443|cloud.konghq.com:8443|1|refused: port_not_allowed
        eu.api.konghq.com|eu.api.konghq.com:443|1|refused: region_not_enabled
        https://example.com/|example.com:443|1|refused: host_not_konnect
        https://10.0.0.1/|10.0.0.1:443|1|refused: ip_literal
        https://[::1]:443/|[::1]:443|1|refused: ip_literal
        https://us.api.konghq.com@evil.example/|evil.example:443|1|refused: host_not_konnect
        https://us.api.konghq.com./|us.api.konghq.com.:443|1|refused: host_not_konnect, 403 Host is not a Konnect host. Leave out the dot at the end
        """)
    void explain_judges_what_was_meant_and_says_so(String target, String meant, int code, String verdict) {
        Ended ended = run(Map.of(), "explain", target, "-c", file.toString());

        assertThat(ended.err()).isEmpty();
        assertThat(ended.outLines()).hasSize(3);
        assertThat(ended.outLines().get(0)).startsWith(verdict);
        assertThat(ended.outLines().get(1)).isEqualTo("taken for: CONNECT " + meant);
        assertThat(ended.outLines().get(2))
                .startsWith("note: a CONNECT request with exactly what you gave is refused: malformed_request, 400");
        assertThat(ended.out()).doesNotContain("s3cret");
        assertThat(ended.code()).isEqualTo(code);
    }

    @Test
    void a_second_target_is_not_said_back() {
        Ended ended = run(Map.of(), "explain", "us.api.konghq.com:443", "https://u:s3cret@us.api.konghq.com/");

        assertThat(ended.err())
                .startsWith("'konnect-proxy explain' takes no further argument\n")
                .doesNotContain("s3cret");
        assertThat(ended.code()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://u:s3cret/x@us.api.konghq.com/",
                "https://u:443/s3cret@us.api.konghq.com/",
                "https://u:x@s3cret/y@us.api.konghq.com/",
                "https://us.api.konghq.com\\@evil.example/",
                "https://evil.example\\@us.api.konghq.com/",
                "https://us.api.konghq.com/ https://evil.example/",
                "https://us.api.konghq.com/\nhttps://evil.example/",
                "ftp://us.api.konghq.com/",
                "https://us.api.\u212aonghq.com/",
                "u:s3cret@",
                "https://",
                "",
                "a b",
                "us.api.konghq.com:443:443",
                "us.api.konghq.com:99999",
                "https://\u043a\u043e\u043dg.example/",
                "us.api.konghq.com\r\nX: s3cret",
            })
    void explain_judges_what_it_cannot_read_as_it_stands(String target) {
        Ended ended = run(Map.of(), "explain", target, "-c", file.toString());

        assertThat(ended.outLines()).singleElement().asString().startsWith("refused: malformed_request, 400");
        assertThat(ended.out() + ended.err()).doesNotContain("s3cret", "443/");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void explain_says_what_report_only_lets_through() {
        Ended ended = run(
                Map.of("KONNECT_PROXY_MODE", "report-only"), "explain", "eu.api.konghq.com:443", "-c", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.outLines())
                .containsExactly("would be refused, but is let through (mode: report-only): region_not_enabled, 403"
                        + " Konnect region is not enabled. Add eu to regions.");
    }

    @Test
    void hosts_lists_a_pattern_a_line() {
        Ended ended = run(Map.of("KONNECT_PROXY_PURPOSES", "platform,data-plane"), "hosts", "-c", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.outLines())
                .containsExactly(
                        "cloud.konghq.com       443  -       platform",
                        "global.api.konghq.com  443  -       platform",
                        "*.us.cp0.konghq.com    443  us      data-plane",
                        "*.us.tp0.konghq.com    443  us      data-plane",
                        "*.us.cp.konghq.com     443  us      data-plane",
                        "*.us.tp.konghq.com     443  us      data-plane",
                        "kong.mirror.corp       443  -       extra-host mirror");
    }

    @Test
    void hosts_names_the_pinned_control_planes_instead_of_wildcards() {
        Ended ended = run(
                Map.of("KONNECT_PROXY_PURPOSES", "data-plane", "KONNECT_PROXY_CONTROL_PLANES", "b,a"),
                "hosts",
                "-c",
                file.toString());

        assertThat(ended.outLines())
                .hasSize(9)
                .startsWith(
                        "a.us.cp0.konghq.com  443  us      data-plane", "b.us.cp0.konghq.com  443  us      data-plane")
                .noneMatch(line -> line.startsWith("*"));
    }

    @Test
    void hosts_names_the_pinned_portals_and_tenants_too() {
        Ended ended = run(
                Map.of(
                        "KONNECT_PROXY_PURPOSES", "data-plane,portal,identity",
                        "KONNECT_PROXY_PORTALS", "mine",
                        "KONNECT_PROXY_TENANTS", "acme"),
                "hosts",
                "-c",
                file.toString());

        assertThat(ended.outLines().stream().map(line -> line.split(" ", 2)[0]))
                .containsExactly(
                        "*.us.cp0.konghq.com",
                        "*.us.tp0.konghq.com",
                        "*.us.cp.konghq.com",
                        "*.us.tp.konghq.com",
                        "mine.us.portal.konghq.com",
                        "mine.us.kongportals.com",
                        "us.identity.konghq.com",
                        "acme.us.identity.konghq.com",
                        "kong.mirror.corp");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        mine.us.kongportals.com:443     | 0 | permitted: konnect_host, {portal}.{region}.kongportals.com, purpose portal, region us, portal mine (pinned)
        other.us.kongportals.com:443    | 1 | refused: portal_not_pinned, 403 Portal is not pinned. Add the portal's prefix to portals.
        acme.us.identity.konghq.com:443 | 0 | permitted: konnect_host, {tenant}.{region}.identity.konghq.com, purpose identity, region us, tenant acme (none is pinned)
        """)
    void explain_tells_what_is_pinned(String target, int code, String line) {
        Ended ended = run(
                Map.of("KONNECT_PROXY_PURPOSES", "portal,identity", "KONNECT_PROXY_PORTALS", "mine"),
                "explain",
                target,
                "-c",
                file.toString());

        assertThat(ended.outLines()).containsExactly(line);
        assertThat(ended.code()).isEqualTo(code);
    }

    @Test
    void hosts_are_json_on_request() {
        Ended ended = run(Map.of("KONNECT_PROXY_PURPOSES", "api"), "hosts", "--output", "json", "-c", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .isEqualTo("[{\"host\":\"us.api.konghq.com\",\"port\":443,\"region\":\"us\",\"purpose\":\"api\"},"
                        + "{\"host\":\"kong.mirror.corp\",\"port\":443,\"region\":null,\"purpose\":\"extra-host\","
                        + "\"name\":\"mirror\"}]" + System.lineSeparator());
    }

    @Test
    void hosts_are_those_of_all_rules_and_tell_whose_they_are() throws IOException {
        write("""
            regions: [us]
            purposes: [api]
            listen: [{address: 0.0.0.0:3128}]
            clients:
              - { name: payments, source: 10.1.0.0/16, purposes: [data-plane, api], control-planes: [a] }
              - { name: orders, source: 10.2.0.0/16, purposes: [data-plane], control-planes: [a, b] }
            extra-hosts: [{name: mirror, host: kong.mirror.corp}]
            """);

        assertThat(run(Map.of(), "hosts", "-c", file.toString()).outLines())
                .startsWith("us.api.konghq.com    443  us      api")
                .contains(
                        "a.us.cp0.konghq.com  443  us      data-plane (payments, orders)",
                        "b.us.cp0.konghq.com  443  us      data-plane (orders)")
                .endsWith("kong.mirror.corp     443  -       extra-host mirror");
        assertThat(run(Map.of(), "hosts", "--output", "json", "-c", file.toString())
                        .out())
                .contains(
                        "{\"host\":\"us.api.konghq.com\",\"port\":443,\"region\":\"us\",\"purpose\":\"api\"}",
                        "\"purpose\":\"data-plane\",\"clients\":[\"payments\",\"orders\"]}");
        assertThat(run(Map.of("KONNECT_PROXY_CLIENTS_ONLY", "true"), "hosts", "-c", file.toString())
                        .outLines())
                .startsWith("us.api.konghq.com    443  us      api (payments)");
    }

    @Test
    void hosts_warns_that_report_only_lets_others_through() {
        Ended ended = run(Map.of("KONNECT_PROXY_MODE", "report-only"), "hosts", "-c", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err().lines()).containsExactly("warning: other hosts are let through too (mode: report-only)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        chek                        | 'konnect-proxy' has no command 'chek'; did you mean 'check'?      | konnect-proxy
        explian a:1                 | 'konnect-proxy' has no command 'explian'; did you mean 'explain'? | konnect-proxy
        cert proxy.corp             | 'konnect-proxy' has no command 'cert'; did you mean 'certificate'? | konnect-proxy
        audti verify x              | 'konnect-proxy' has no command 'audti'; did you mean 'audit'?     | konnect-proxy
        frobnicate                  | 'konnect-proxy' has no command 'frobnicate'                       | konnect-proxy
        x\u001b[31m                 | 'konnect-proxy' has no command 'x\\u001b[31m'                      | konnect-proxy
        audit verfy                 | 'konnect-proxy audit' has no command 'verfy'; did you mean 'verify'? | konnect-proxy audit
        check --confg x             | 'konnect-proxy check' has no option '--confg'; did you mean '--config'? | konnect-proxy check
        check --confg=x             | 'konnect-proxy check' has no option '--confg'; did you mean '--config'? | konnect-proxy check
        audit report x --sinse 7d   | 'konnect-proxy audit report' has no option '--sinse'; did you mean '--since'? | konnect-proxy audit report
        check --foo                 | 'konnect-proxy check' has no option '--foo'                       | konnect-proxy check
        -c x.yaml check             | 'konnect-proxy' has no option '-c'; an option stands behind its command: 'konnect-proxy COMMAND -c' | konnect-proxy
        check -c                    | --config needs a value, FILE                                      | konnect-proxy check
        check -c --strict           | --config needs a value, FILE                                      | konnect-proxy check
        check -c ''                 | --config names no file                                            | konnect-proxy check
        check -c a -c b             | --config is given twice; keep one                                 | konnect-proxy check
        check --strict --strict     | --strict is given twice; keep one                                 | konnect-proxy check
        check --strict=x            | --strict takes no value                                           | konnect-proxy check
        check --output yaml         | --output 'yaml' is none of text, json                             | konnect-proxy check
        check --output jsn          | --output 'jsn' is none of text, json; did you mean 'json'?        | konnect-proxy check
        kong-config --output yaml   | --output 'yaml' is none of kong.conf, env, helm, docker, deck     | konnect-proxy kong-config
        check foo                   | 'konnect-proxy check' takes no argument 'foo'                     | konnect-proxy check
        check http://u:p@h          | 'konnect-proxy check' takes no argument                           | konnect-proxy check
        explain                     | 'konnect-proxy explain' needs HOST:PORT                           | konnect-proxy explain
        explain a:1 b:2             | 'konnect-proxy explain' takes no further argument 'b:2'           | konnect-proxy explain
        audit archive               | 'konnect-proxy audit archive' needs --status or --push            | konnect-proxy audit archive
        audit archive --status --push | --status and --push exclude each other; give one of them        | konnect-proxy audit archive
        audit tail -n x             | -n 'x' is no whole number                                         | konnect-proxy audit tail
        audit tail -n 99999999999   | -n '99999999999' is no whole number of that size                  | konnect-proxy audit tail
        user a --generate --remove  | --generate and --remove exclude each other; give one of them      | konnect-proxy user
        user a --file ''            | --file names no file                                              | konnect-proxy user
        audit verify s3://          | s3:// names no bucket; write s3://BUCKET/PREFIX, with --endpoint for a store that is none of AWS's | konnect-proxy audit verify
        audit report https://u:p@b/x | https:// is no archive; write s3://BUCKET/PREFIX, with --endpoint for a store that is none of AWS's | konnect-proxy audit report
        audit tail https://b/x      | https:// is no archive; write s3://BUCKET/PREFIX, with --endpoint for a store that is none of AWS's | konnect-proxy audit tail
        suggest s3://               | s3:// names no bucket; write s3://BUCKET/PREFIX, with --endpoint for a store that is none of AWS's | konnect-proxy suggest
        audit verify s3://b --endpoint http://u:p@h | --endpoint must not have a user or a password in it | konnect-proxy audit verify
        doctor --user               | --user needs a value, NAME                                        | konnect-proxy doctor
        """)
    void bad_usage_is_one_sentence_and_a_hint(String line, String sentence, String command) {
        String[] words = Stream.of(line.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new);
        Ended ended = run(Map.of(), words);

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).containsExactly(sentence, "Try '" + command + " --help'.");
    }

    @Test
    void an_unknown_format_is_bad_usage() {
        Ended ended = run(Map.of(), "hosts", "--output", "xml");

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err())
                .startsWith("--output 'xml' is none of text, json\n")
                .doesNotContain("Exception");
    }

    @Test
    void without_a_command_the_usage_is_printed() {
        Ended ended = run(Map.of());

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("Usage: konnect-proxy").contains("check", "explain", "hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "check --help", "explain --help", "hosts --help", "--version", "check --version"})
    void help_and_version_go_to_standard_output(String line) {
        Ended ended = run(Map.of(), line.split(" "));

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).contains("konnect-proxy").doesNotContain("\u001b");
    }

    @Test
    void the_shipped_configuration_is_good() {
        assertThat(run(Map.of(), "check", "-c", "../config/konnect-proxy.yaml").code())
                .isZero();
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    private static Ended run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), environment, arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
