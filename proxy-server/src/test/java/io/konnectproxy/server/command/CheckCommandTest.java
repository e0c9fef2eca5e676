package io.konnectproxy.server.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.SubjectNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code check} says of expectations, warnings and problems, as text and as JSON. */
class CheckCommandTest {
    private static final String CP = "0646a7d680.us.cp0.konghq.com:443";
    private static final String TOKENS = "permitted, malformed_request, ip_literal, port_not_allowed, host_not_konnect,"
            + " region_not_enabled, purpose_not_enabled, control_plane_not_pinned, portal_not_pinned, tenant_not_pinned,"
            + " client_not_listed, source_not_allowed, credentials_required, credentials_invalid, tls_handshake_failed";

    /** A limit that every machine can carry. */
    private static final String LIMITS = "limits: {tunnels: 20}\n";

    /** Without a warning. */
    private static final String QUIET = "regions: [us]\npurposes: [data-plane]\ncontrol-planes: [0646a7d680]\n"
            + "dns: {servers: [10.0.0.2]}\n" + LIMITS;

    /** Three listeners: open, with users, and with client certificates. */
    private static String full;

    @TempDir
    private static Path made;

    @TempDir
    private Path directory;

    private record Ended(int code, String out, String err) {
        String lastLine() {
            return out.lines().reduce("", (before, line) -> line);
        }

        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    @BeforeAll
    static void make() throws Exception {
        PrivateCa ca = PrivateCa.create(Instant.now(), Duration.ofDays(365));
        IssuedCertificate server =
                ca.server(SubjectNames.parse(List.of("proxy.corp")), Instant.now(), Duration.ofDays(90));
        Files.writeString(made.resolve("tls.crt"), server.certificatePem());
        Files.writeString(made.resolve("tls.key"), server.keyPem());
        Files.writeString(made.resolve("ca.crt"), ca.own().certificatePem());
        Files.writeString(
                made.resolve("users.htpasswd"),
                "dp-a:$2y$10$" + ".".repeat(53) + "\nother:$2y$10$" + ".".repeat(53) + "\n");
        full = """
            listen:
              - address: 0.0.0.0:3128
              - { address: 0.0.0.0:3129, credentials: MADE/users.htpasswd, sources: [10.0.0.0/8] }
              - address: 0.0.0.0:3130
                tls: { certificate: MADE/tls.crt, key: MADE/tls.key, client-ca: MADE/ca.crt }
            regions: [us]
            purposes: [data-plane, api]
            control-planes: [0646a7d680]
            extra-hosts: [{ name: mirror, host: kong.mirror.corp }]
            clients:
              - { name: a, user: dp-a, regions: [us, eu] }
              - { name: zone, certificate: zone.corp, purposes: [api] }
              - { name: lab, source: 10.9.0.0/16, regions: [eu] }
            """.replace("MADE", made.toString()) + LIMITS;
    }

    /** The first expectation holds, and the same with another verdict does not. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        0646a7d680.us.cp0.konghq.com:443 |                                              | permitted
        0646A7D680.US.cp0.konghq.com:443 |                                              | permitted
        kong.mirror.corp:443             |                                              | permitted
        evil.com:443                     |                                              | host_not_konnect
        us.api.konghq.com.:443           |                                              | host_not_konnect
        us.api.konghq.com:8443           |                                              | port_not_allowed
        us.api.konghq.com                |                                              | malformed_request
        https://us.api.konghq.com:443    |                                              | malformed_request
        us.api.konghq.com:443 HTTP/1.1   |                                              | malformed_request
        us.api.konghq.com:443\\r\\nHost: a | | malformed_request
        10.0.0.1:443                     |                                              | ip_literal
        [fd00::1]:443                    |                                              | ip_literal
        eu.api.konghq.com:443            |                                              | region_not_enabled
        us.kongportals.com:443           |                                              | host_not_konnect
        cloud.konghq.com:443             |                                              | purpose_not_enabled
        deadbeef00.us.cp0.konghq.com:443 |                                              | control_plane_not_pinned
        eu.api.konghq.com:443            | user: dp-a                                   | permitted
        eu.api.konghq.com:443            | user: DP-A                                   | region_not_enabled
        eu.api.konghq.com:443            | client: 10.9.0.1                             | permitted
        us.api.konghq.com:443            | client: 10.9.0.1                             | region_not_enabled
        us.api.konghq.com:443            | client: "::ffff:10.9.0.1"                    | region_not_enabled
        0646a7d680.us.cp0.konghq.com:443 | certificate: [zone.corp]                     | purpose_not_enabled
        us.api.konghq.com:443            | certificate: [CN, Zone.corp]                 | permitted
        us.api.konghq.com:443            | listener: 0                                  | permitted
        eu.api.konghq.com:443            | listener: 0, user: dp-a                      | region_not_enabled
        0646a7d680.us.cp0.konghq.com:443 | listener: 0, certificate: [zone.corp]        | permitted
        us.api.konghq.com:443            | listener: 1                                  | source_not_allowed
        us.api.konghq.com:443            | listener: 1, client: 192.0.2.1, user: dp-a   | source_not_allowed
        us.api.konghq.com:443            | listener: 1, client: 10.0.0.7                | credentials_required
        10.0.0.1:443                     | listener: 1, client: 10.0.0.7                | credentials_required
        us.api.konghq.com                | listener: 1, client: 10.0.0.7                | malformed_request
        us.api.konghq.com:443            | listener: 1, client: 10.0.0.7, user: nobody  | credentials_invalid
        us.api.konghq.com:443            | listener: 1, client: 10.0.0.7, user: DP-A    | credentials_invalid
        us.api.konghq.com:443            | listener: 1, client: 10.0.0.7, user: other   | permitted
        eu.api.konghq.com:443            | listener: 1, client: 10.0.0.7, user: dp-a    | permitted
        us.api.konghq.com:443            | listener: 2                                  | tls_handshake_failed
        us.api.konghq.com                | listener: 2                                  | tls_handshake_failed
        us.api.konghq.com:443            | listener: 2, certificate: [other.corp]       | permitted
        0646a7d680.us.cp0.konghq.com:443 | listener: 2, certificate: [zone.corp]        | purpose_not_enabled
        """)
    void judges_as_the_proxy_would(String connect, String request, String verdict) throws Exception {
        String line = "- { connect: \"" + connect + "\", " + (request == null ? "" : request + ", ") + "expect: ";
        String other = verdict.equals("permitted") ? "host_not_konnect" : "permitted";
        Ended ended = judged(full, line + verdict + " }\n" + line + other + " }\n");

        assertThat(ended.out().lines().filter(each -> each.startsWith("tests.yaml")))
                .singleElement()
                .asString()
                .startsWith("tests.yaml:2: ")
                .contains(": expected " + other + ", but it is " + verdict + " (");
        assertThat(ended.lastLine()).isEqualTo("1 of 2 expectations does not hold");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void says_which_expectations_do_not_hold_and_what_would_make_them() throws Exception {
        Ended ended = judged(full, """
            - { connect: evil.com:443, expect: permitted }
            - connect: us.api.konghq.com:443
              expect: permitted
            - { connect: us.api.konghq.com:443, expect: ip_literal }
            - { connect: "http://u:secret@a:443", expect: permitted }
            - { connect: us.api.konghq.com:443, listener: 2, expect: permitted }
            """);

        assertThat(ended.out().lines().dropWhile(line -> !line.startsWith("tests.yaml")))
                .containsExactly(
                        "tests.yaml:1: connect evil.com:443: expected permitted, but it is host_not_konnect (Only Konnect"
                                + " hosts and entries of extra-hosts are permitted.)",
                        "tests.yaml:4: connect us.api.konghq.com:443: expected ip_literal, but it is permitted"
                                + " (konnect_host, {region}.api.konghq.com, purpose api, region us)",
                        "tests.yaml:5: connect http://***@a:443: expected permitted, but it is malformed_request (The"
                                + " target has more than one colon; it must be host:port.)",
                        "tests.yaml:6: connect us.api.konghq.com:443: expected permitted, but it is tls_handshake_failed"
                                + " (This listener demands a client certificate: tls.client-ca.)",
                        "4 of 5 expectations do not hold");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isEqualTo(1);
    }

    /** A target of any length and with any character leaves the terminal alone. */
    @Test
    void a_target_is_shown_in_one_line() throws Exception {
        Ended ended = judged(QUIET, "[{connect: \"\\e[2J\\n" + "a".repeat(400) + "\", expect: permitted}]");

        assertThat(ended.out().lines().filter(line -> line.startsWith("tests.yaml")))
                .singleElement()
                .asString()
                .startsWith("tests.yaml:1: connect ?[2J?aaa")
                .contains("aaa...: expected permitted, but it is malformed_request (");
    }

    @Test
    void report_only_has_the_refusal_of_the_audit_line() throws Exception {
        String reportOnly = QUIET + "mode: report-only\n";
        assertThat(judged(reportOnly, "[{connect: evil.com:443, expect: host_not_konnect}]")
                        .code())
                .isZero();
        Ended ended = judged(reportOnly, "[{connect: evil.com:443, expect: permitted}]");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .contains(
                        "tests.yaml:1: connect evil.com:443: expected permitted, but it is host_not_konnect, though"
                                + " let through by mode report-only (Only Konnect hosts and entries of extra-hosts are permitted.)");
        assertThat(judged(reportOnly, "[{connect: 10.0.0.1:443, expect: permitted}]")
                        .out())
                .contains("but it is ip_literal (Name a Konnect host instead of an address.)");
    }

    @Test
    void json_is_yaml_too() throws Exception {
        Ended ended = judged(
                QUIET,
                "[\n  {\"connect\": \"" + CP + "\", \"listener\": 0, \"expect\": \"permitted\"},\n"
                        + "  {\"connect\": \"evil.com:443\", \"expect\": \"host_not_konnect\"}\n]\n");
        assertThat(ended.lastLine()).isEqualTo("2 expectations hold");
        assertThat(ended.code()).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                            | 1: no expectation stands here, which proves nothing; write one, like [{connect: cloud.konghq.com:443, expect: permitted}]
        # none yet                                    | 1: no expectation stands here, which proves nothing; write one, like [{connect: cloud.konghq.com:443, expect: permitted}]
        []                                            | 1: no expectation stands here, which proves nothing; write one, like [{connect: cloud.konghq.com:443, expect: permitted}]
        {connect: a:1, expect: permitted}             | 1: expected a list, like [{connect: cloud.konghq.com:443, expect: permitted}], found a mapping
        evil.com:443                                  | 1: expected a list, like [{connect: cloud.konghq.com:443, expect: permitted}], found a single value
        [evil.com:443]                                | 1: [0]: expected keys and values here, found a single value
        [{expect: permitted}]                         | 1: [0]: key 'connect' is missing
        [{connect: a:1}]                              | 1: [0]: key 'expect' is missing
        [{connect: a:1, expect: permited}]            | 1: [0].expect: 'permited' is not known; did you mean 'permitted'? It must be one of: TOKENS
        [{connect: a:1, expect: host-not-konect}]     | 1: [0].expect: 'host-not-konect' is not known; did you mean 'host_not_konnect'? It must be one of: TOKENS
        [{connect: a:1, expect: dns_timeout}]         | 1: [0].expect: 'dns_timeout' happens to connections of a running proxy only; it must be one of: TOKENS
        [{connect: a:1, expect: [permitted]}]         | 1: [0].expect: expected a single value, found a list; quote it if the bracket is a part of the value
        [{connect: a:1, expect: null}]                | 1: [0].expect: has no value; leave it out for its default
        [{connect: {host: a, port: 1}, expect: permitted}] | 1: [0].connect: expected a single value, found a mapping
        [{connect: a, port: 1, expect: permitted}]    | 1: [0]: unknown key 'port'; it must be one of: certificate, client, connect, expect, listener, user
        [{connect: 443, expect: permitted}]           | 1: [0].connect: '443' is a number; write what a client sends behind CONNECT, like cloud.konghq.com:443
        [{connect: a:1, expect: permitted, usr: b}]   | 1: [0]: unknown key 'usr'; did you mean 'user'? It must be one of: certificate, client, connect, expect, listener, user
        [{connect: a:1, expect: permitted, expect: ip_literal}] | 1: [0]: key 'expect' stands here and in line 1; keep one of them
        [{connect: a:1, expect: permitted, user: "a:b"}] | 1: [0].user: 'a:b' is no name of a user: it has a colon, which ends it
        [{connect: a:1, expect: permitted, user: }]   | 1: [0].user: has no value; leave it out for its default
        [{connect: a:1, expect: permitted, client: dp.corp}] | 1: [0].client: 'dp.corp' is no IP address
        [{connect: a:1, expect: permitted, client: 10.0.0.0/8}] | 1: [0].client: '10.0.0.0/8' is no IP address
        [{connect: a:1, expect: permitted, certificate: a.corp}] | 1: [0].certificate: expected a list, like [a, b], found a single value; did you mean [a.corp]?
        [{connect: a:1, expect: permitted, listener: 3}] | 1: [0].listener: '3' is no entry of 'listen', which has 0 to 2
        [{connect: a:1, expect: permitted, listener: -1}] | 1: [0].listener: '-1' must be the number of an entry of 'listen', counted from 0
        [{connect: a:1, expect: permitted, listener: "0.0.0.0:3128"}] | 1: [0].listener: '0.0.0.0:3128' must be the number of an entry of 'listen', counted from 0
        [{connect: a:1, expect: permitted, listener: 99999999999}] | 1: [0].listener: '99999999999' must be the number of an entry of 'listen', counted from 0
        - &a { connect: a:1, expect: permitted }      | 1: an anchor (&name) stands here; write each value where it belongs
        - { connect: *a, expect: permitted }          | 1: an alias (*name) stands here; write the value itself
        - { connect: !!str a:1, expect: permitted }   | 1: a tag (!name) stands here; leave it out
        [{connect: a:1, expect: permitted}            | 1: this is not YAML: the list that begins here is not closed, or has a comma too few; write ']' at its end, and quote values with signs of their own
        """)
    void one_wrong_expectation_is_one_sentence(String yaml, String problem) throws Exception {
        Ended ended = judged(full, yaml + "\n");

        assertThat(ended.err().lines()).containsExactly("tests.yaml:" + problem.replace("TOKENS", TOKENS));
        assertThat(ended.out()).isEmpty();
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void bytes_that_are_no_text_are_one_sentence() throws Exception {
        assertThat(checkBytes("[{connect: \u00e4:1, expect: permitted}]".getBytes(ISO_8859_1)))
                .startsWith("tests.yaml:1: the line has ");
        assertThat(checkBytes(new byte[] {0x1f, (byte) 0x8b, 0, 0})).startsWith("tests.yaml");
        assertThat(checkBytes("# filled up\n".repeat(100_000).getBytes(ISO_8859_1)))
                .isEqualTo("tests.yaml: the file is larger than 1 MiB");
        assertThat(checkBytes("[".repeat(100_000).getBytes(ISO_8859_1)))
                .isEqualTo("tests.yaml:1: this is nested too deeply");
    }

    private String checkBytes(byte[] tests) throws Exception {
        write("konnect-proxy.yaml", QUIET);
        Files.write(directory.resolve("tests.yaml"), tests);
        Ended ended = check("--tests", name("tests.yaml"));
        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err().lines()).hasSize(1);
        return ended.err().strip();
    }

    @Test
    void a_file_that_is_not_there_is_as_a_configuration_that_is_not_there() throws Exception {
        write("konnect-proxy.yaml", QUIET);
        Ended ended = check("--tests", name("none.yaml"));
        assertThat(ended.err().lines())
                .containsExactly("none.yaml: there is no such file; name another with --tests FILE");
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void all_problems_of_both_files_are_told_at_once() throws Exception {
        Ended ended = judged("regions: [ue]\nmode: off\n", "- { connect: a:1 }\n- { expect: off, listener: 7 }\n");
        assertThat(ended.err().lines().map(line -> line.split(": ", 2)[0]))
                .containsExactly(
                        "konnect-proxy.yaml:1", "konnect-proxy.yaml:2", "tests.yaml:1", "tests.yaml:2", "tests.yaml:2");
        assertThat(ended.out()).isEmpty();
        assertThat(ended.code()).isEqualTo(78);
    }

    @Test
    void strict_counts_warnings() throws Exception {
        write("konnect-proxy.yaml", QUIET);
        Ended quiet = check("--strict");
        assertThat(quiet.out()).doesNotContain("warning");
        assertThat(quiet.code()).isZero();

        write("konnect-proxy.yaml", QUIET + "timeouts: {connect: 5s}\n");
        Ended one = check("--strict");
        assertThat(one.lastLine()).isEqualTo("1 warning counts as an error (--strict)");
        assertThat(one.code()).isEqualTo(1);

        write("konnect-proxy.yaml", QUIET + "timeouts: {connect: 5s, idle: 20s}\n");
        write("tests.yaml", "[{connect: evil.com:443, expect: host_not_konnect}]");
        Ended two = check("--strict", "--tests", name("tests.yaml"));
        assertThat(two.out().lines().skip(two.out().lines().count() - 2))
                .containsExactly("1 expectation holds", "2 warnings count as errors (--strict)");
        assertThat(two.code()).isEqualTo(1);
        assertThat(check("--strict", "--output", "json").code()).isEqualTo(1);
        assertThat(check().code()).isZero();
    }

    static Stream<Map.Entry<String, String>> outputs() {
        String tests = """
            - { connect: evil.com:443, user: dp-a, client: "fd00::1", certificate: [a], expect: permitted }
            - { connect: "h\\u00e4\\e:1", listener: 0, expect: malformed_request }
            """;
        return Stream.of(
                Map.entry(QUIET, ""),
                Map.entry(QUIET + "mode: report-only\n", tests),
                Map.entry("full", tests),
                Map.entry(
                        "regions: [us]\nparents:\n  - { url: 'http://u:secret@a.corp:1' }\n"
                                + "  - { url: 'http://b.corp:1', dns: parent, purposes: [api] }\n" + LIMITS,
                        tests),
                Map.entry("regions: [ue]\n", tests),
                Map.entry(QUIET, "[{connect: a:1}]"),
                Map.entry("", "[]"),
                Map.entry(QUIET + "audit: {sign: {key: none.pem}}\n", tests));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void json_is_as_its_schema_says(Map.Entry<String, String> files) throws Exception {
        write("konnect-proxy.yaml", files.getKey().equals("full") ? full : files.getKey());
        write("tests.yaml", files.getValue());
        Ended ended = files.getValue().isEmpty()
                ? check("--output", "json")
                : check("--output", "json", "--tests", name("tests.yaml"));

        String schema = Files.readString(Path.of("..", "config", "check.schema.json"));
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema, InputFormat.JSON)
                        .validate(ended.out(), InputFormat.JSON))
                .isEmpty();
        assertThat(ended.out()).matches("(?s)\\{[ -~\n]*\\}\n").doesNotContain("secret");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.json().get("valid").booleanValue()).isEqualTo(ended.code() != 78);
    }

    @Test
    void json_says_of_a_wrong_configuration_what_the_text_says() throws Exception {
        write("konnect-proxy.yaml", "regions: [us]\nmode: off\n");
        List<String> text = check().err().lines().toList();
        Ended ended = check("--output", "json");

        assertThat(ended.code()).isEqualTo(78);
        JsonNode problem = ended.json().at("/problems/0");
        assertThat(text)
                .containsExactly("konnect-proxy.yaml:" + problem.get("line").intValue() + ": "
                        + problem.get("sentence").stringValue());
        assertThat(problem.get("file").stringValue()).isEqualTo("konnect-proxy.yaml");
        assertThat(ended.json().get("configuration").isNull()).isTrue();
    }

    @Test
    void json_says_where_the_signing_key_is_named_that_cannot_be_used() throws Exception {
        write("konnect-proxy.yaml", "regions: [us]\naudit:\n  sign: {key: nofile.pem}\n");
        Ended ended = check("--output", "json");

        assertThat(ended.code()).isEqualTo(78);
        JsonNode problem = ended.json().at("/problems/0");
        assertThat(problem.get("file").stringValue()).isEqualTo("konnect-proxy.yaml");
        assertThat(problem.get("line").intValue()).isEqualTo(3);
        assertThat(problem.get("sentence").stringValue()).startsWith("audit.sign.key: 'nofile.pem' does not exist in ");
    }

    @Test
    void json_names_the_variable_that_is_wrong() throws Exception {
        write("konnect-proxy.yaml", QUIET);
        Ended ended = command(Map.of("KONNECT_PROXY_MODE", "off"), "check", "--output", "json");
        JsonNode problem = ended.json().at("/problems/0");
        assertThat(problem.get("variable").stringValue()).isEqualTo("KONNECT_PROXY_MODE");
        assertThat(problem.get("file").isNull()).isTrue();
        assertThat(problem.get("line").isNull()).isTrue();
    }

    @Test
    void json_has_the_facts_of_the_text() throws Exception {
        write("konnect-proxy.yaml", full);
        JsonNode json = check("--output", "json").json();
        List<String> text = check().out().lines().toList();

        json.at("/configuration/settings")
                .properties()
                .forEach(setting -> assertThat(text)
                        .contains(String.format(
                                Locale.ROOT,
                                "%-28s %-38s (%s)",
                                setting.getKey(),
                                setting.getValue().get("value").stringValue(),
                                setting.getValue().get("origin").stringValue())));
        json.at("/warnings").forEach(warning -> assertThat(text).contains("warning: " + warning.stringValue()));
        json.at("/configuration/notes").forEach(note -> assertThat(text).contains(note.stringValue()));
        assertThat(json.at("/configuration/listeners/1/credentials/users").intValue())
                .isEqualTo(2);
        assertThat(json.at("/configuration/listeners/2/tls/client_ca").stringValue())
                .isEqualTo(made.resolve("ca.crt").toString());
        assertThat(json.at("/configuration/clients/0/control_planes/0").stringValue())
                .isEqualTo("0646a7d680");
        assertThat(json.at("/configuration/hosts").toString())
                .isEqualTo(new JsonMapper()
                        .readTree(command(Map.of(), "hosts", "--output", "json").out())
                        .toString());
    }

    @Test
    void json_has_the_results_of_expectations() throws Exception {
        write("konnect-proxy.yaml", QUIET + "mode: report-only\n");
        write("tests.yaml", """
                - { connect: 0646a7d680.us.cp0.konghq.com:443, expect: permitted }
                - { connect: evil.com:443, client: 10.0.0.7, listener: 0, expect: permitted }
                """);
        Ended ended = check("--output", "json", "--tests", name("tests.yaml"));
        JsonNode second = ended.json().at("/expectations/1");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.json().at("/expectations/0/holds").booleanValue()).isTrue();
        assertThat(second.toString())
                .endsWith(",\"line\":2,\"connect\":\"evil.com:443\",\"user\":null,\"client\":\"10.0.0.7\","
                        + "\"certificate\":[],\"listener\":0,\"expect\":\"permitted\",\"result\":\"host_not_konnect\","
                        + "\"holds\":false,\"enforced\":false,\"reason\":\"Only Konnect hosts and entries of extra-hosts"
                        + " are permitted.\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--output xml", "--tests", "--strict=maybe", "--tests a --tests b"})
    void bad_usage_ends_with_64(String options) throws Exception {
        write("konnect-proxy.yaml", QUIET);
        Ended ended = check(options.split(" "));
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
    }

    private Ended judged(String configuration, String tests) throws Exception {
        write("konnect-proxy.yaml", configuration);
        write("tests.yaml", tests);
        return check("--tests", name("tests.yaml"));
    }

    private Ended check(String... options) {
        return command(
                Map.of(), Stream.concat(Stream.of("check"), Stream.of(options)).toArray(String[]::new));
    }

    /** The directory is left out of what it prints. */
    private Ended command(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("-c", name("konnect-proxy.yaml")))
                .toArray(String[]::new);
        int code = KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(err), environment, all);
        return new Ended(code, withoutDirectory(out), withoutDirectory(err));
    }

    private String withoutDirectory(StringWriter text) {
        return text.toString().replace(directory + "/", "");
    }

    private String name(String file) {
        return directory.resolve(file).toString();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }
}
