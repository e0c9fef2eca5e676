package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.support.AuditLines;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference: its tables are what the code has. */
class ReferencePageTest {
    private static MarkdownPage page;

    @TempDir
    private Path directory;

    @BeforeAll
    static void read() {
        page = MarkdownPage.of("docs/reference.md");
    }

    @Test
    void its_contents_are_its_headings() {
        assertThat(page.contents()).isEqualTo(page.headings("##"));
    }

    @Test
    void its_refusals_are_those_that_exist() {
        assertThat(page.section("## Refusals").rows().stream().skip(2))
                .containsExactlyElementsOf(Arrays.stream(Refusal.values())
                        .map(ReferencePageTest::row)
                        .toList());
    }

    private static List<String> row(Refusal refusal) {
        boolean reply = !refusal.token().matches("(tls|hello|sni)_.*");
        return List.of(
                "`" + refusal.token() + "`",
                reply ? Integer.toString(refusal.status()) : "",
                refusal.sentence(),
                reply ? "`got status " + refusal.status() + "`" : inTls(refusal),
                "");
    }

    /** The leg to the proxy is another TLS than that in the tunnel. */
    private static String inTls(Refusal refusal) {
        return refusal == Refusal.TLS_HANDSHAKE_FAILED ? "`connection reset by peer`" : "`ssl handshake failed`";
    }

    @Test
    void its_outcomes_are_those_that_exist() {
        assertThat(page.section("## Outcomes").keys())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Outcome.Closed.values())
                        .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void its_keys_are_those_that_are_read() throws Exception {
        Path file = Files.writeString(directory.resolve("minimal.yaml"), "regions: [us]\n");
        assertThat(page.section("## Configuration").keys())
                .containsExactlyInAnyOrderElementsOf(
                        ConfigurationLoader.load(file, Map.of()).origins().keySet());
    }

    @Test
    void its_keys_of_entries_are_those_of_the_schema() throws Exception {
        JsonNode schema =
                new JsonMapper().readTree(Files.readString(Path.of("..", "config", "konnect-proxy.schema.json")));
        List<String> described = new ArrayList<>();
        collect(schema, "", described);
        assertThat(page.section("## Lists").keys())
                .containsExactlyInAnyOrderElementsOf(
                        described.stream().filter(key -> key.contains("[]")).toList());
    }

    /** The paths of all keys that have no keys below them, {@code listen[].address}. */
    private static void collect(JsonNode node, String path, List<String> keys) {
        if (node.has("properties")) {
            String prefix = path.isEmpty() ? "" : path + ".";
            node.path("properties")
                    .propertyStream()
                    .forEach(key -> collect(key.getValue(), prefix + key.getKey(), keys));
        } else if (node.path("items").has("properties")) {
            collect(node.path("items"), path + "[]", keys);
        } else {
            keys.add(path);
        }
    }

    static Stream<String> variables() {
        return page().section("## Environment variables").keys().stream();
    }

    private static MarkdownPage page() {
        return MarkdownPage.of("docs/reference.md");
    }

    @ParameterizedTest
    @MethodSource("variables")
    void its_variables_set_their_keys(String variable) throws Exception {
        String[] parts = variable.split("=", 2);
        String row = page.section("## Environment variables").rows().stream()
                .filter(cells -> cells.get(0).equals("`" + variable + "`"))
                .map(cells -> cells.get(1))
                .findFirst()
                .orElseThrow();
        if (parts.length == 1) {
            assertThat(parts[0]).isEqualTo("KONNECT_PROXY_AUDIT_SIGN_KEY_PASSWORD");
            return;
        }
        Path file = Files.writeString(directory.resolve("minimal.yaml"), "regions: [us]\n");
        String value = parts[1].replaceAll("^'|'$", "");
        assertThat(ConfigurationLoader.load(file, Map.of(parts[0], value)).origins())
                .containsEntry(row.replace("`", ""), parts[0]);
    }

    @Test
    void its_commands_are_those_that_exist() {
        StringWriter out = new StringWriter();
        KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(new StringWriter()), Map.of(), "--help");
        String help = out.toString();
        List<String> exist = Pattern.compile("(?m)^  ([a-z-]+)  ")
                .matcher(help.substring(help.indexOf("Commands:")))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<String> documented = Pattern.compile("(?m)^\\| `([a-z-]+)[^|]*` \\|")
                .matcher(page.section("## Commands").text().replace("\\|", ""))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertThat(exist).contains("run", "certificate");
        assertThat(documented).containsExactlyInAnyOrderElementsOf(exist);
    }

    @Test
    void its_expectations_come_to_what_it_says() throws Exception {
        MarkdownPage section = page.section("## Check a change before it is rolled out");
        Path users =
                Files.writeString(directory.resolve("users.htpasswd"), "dp-payments:$2y$10$" + ".".repeat(53) + "\n");
        String configuration = section.block("listen:").replace("users.htpasswd", users.toString());
        String out = check(configuration, section.block("- connect:"), 1);
        assertThat(out).endsWith("\n" + section.block("expectations.yaml:"));
    }

    @Test
    void its_keys_and_tokens_of_expectations_are_those_that_are_read() throws Exception {
        MarkdownPage section = page.section("## Check a change before it is rolled out");
        String problems = check("regions: [us]\n", "[{connect: a:1, expect: none, unknown: 1}]\n", 78);
        assertThat(section.keys()).containsExactlyInAnyOrder(known(problems, "unknown key"));
        String paragraph = section.text().substring(section.text().indexOf("These can be expected: "));
        assertThat(Pattern.compile("`([a-z_]+)`")
                        .matcher(paragraph.substring(0, paragraph.indexOf(". ")))
                        .results()
                        .map(token -> token.group(1)))
                .containsExactly(known(problems, "expect: "));
    }

    /** The words that a problem says are known. */
    private static String[] known(String problems, String which) {
        String line = problems.lines()
                .filter(each -> each.contains(which))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf("one of: ") + "one of: ".length()).split(", ");
    }

    /** All that the command prints, without the directory. */
    private String check(String configuration, String expectations, int code) throws Exception {
        StringWriter out = new StringWriter();
        assertThat(KonnectProxyCommand.execute(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        Map.of(),
                        "check",
                        "-c",
                        Files.writeString(directory.resolve("konnect-proxy.yaml"), configuration)
                                .toString(),
                        "--tests",
                        Files.writeString(directory.resolve("expectations.yaml"), expectations)
                                .toString()))
                .isEqualTo(code);
        return out.toString().replace(directory + "/", "");
    }

    @ParameterizedTest
    @CsvSource({
        "0, explain us.api.konghq.com:443",
        "1, explain www.example.com:443",
        "2, doctor -c ../config/konnect-hosts.yaml",
        "64, explain",
        "78, check -c ../config/konnect-hosts.yaml",
    })
    void its_exit_codes_are_those_of_commands(int code, String command) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        String arguments = command.contains(" -c ") ? command : command + " -c ../config/konnect-proxy.yaml";
        assertThat(KonnectProxyCommand.execute(nowhere, nowhere, Map.of(), arguments.split(" ", -1)))
                .isEqualTo(code);
        assertThat(page.section("## Exit codes").rows())
                .anyMatch(cells -> cells.get(0).equals("" + code));
    }

    @Test
    void commands_end_with_no_other_exit_code_than_it_tells() {
        List<String> codes = page.section("## Exit codes").rows().stream()
                .skip(2)
                .map(cells -> cells.get(0))
                .toList();
        Matcher numbers = Pattern.compile("\\b\\d+\\b")
                .matcher(String.join(
                        " ",
                        page.section("## Commands").rows().stream()
                                .map(cells -> cells.get(2))
                                .toList()));
        assertThat(codes).containsExactly("0", "1", "2", "64", "74", "78");
        assertThat(numbers.results().map(number -> number.group()).distinct())
                .containsExactlyInAnyOrderElementsOf(codes);
    }

    @Test
    void its_header_fields_are_those_of_replies() throws Exception {
        List<String> fields = page.section("## Replies").keys();
        assertThat(fields).hasSize(6);
        try (Rig rig = Rig.standard();
                RawClient refused = rig.client();
                RawClient other = rig.client()) {
            Answer answer = refused.connect("www.example.com").answer();
            assertThat(fields.subList(0, 3))
                    .allMatch(field -> answer.header(field).isPresent());
            assertThat(other.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().header("Allow"))
                    .contains("CONNECT");
        }
    }

    @Test
    void its_tunnel_line_has_the_fields_of_a_real_one() throws Exception {
        try (Rig rig = Rig.standard()) {
            assertThat(rig.served()).isEqualTo("served");
            String line = rig.audit()
                    .await(l -> AuditLines.text(l, "event").equals("tunnel"))
                    .toString();
            assertThat(fields(line))
                    .isEqualTo(fields(page.block("{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":5")
                            .strip()));
        }
    }

    private static List<String> fields(String line) {
        return Pattern.compile("\"([a-z_]+)\":")
                .matcher(line)
                .results()
                .map(m -> m.group(1))
                .toList();
    }
}
