package io.konnectproxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The front door says what is so. */
class ReadmeTest {
    private static String readme;

    @TempDir
    private Path directory;

    @BeforeAll
    static void read() throws Exception {
        readme = Files.readString(Path.of("..", "README.md"));
    }

    @Test
    void its_refusals_are_those_that_exist() {
        assertThat(readme)
                .contains(Arrays.stream(Refusal.values()).map(ReadmeTest::row).collect(Collectors.joining()));
    }

    private static String row(Refusal refusal) {
        boolean reply = !refusal.token().matches("(tls|hello|sni)_.*");
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        refusal.token(),
                        reply ? refusal.status() : "",
                        refusal.sentence(),
                        reply ? "`got status " + refusal.status() + "`" : "`ssl handshake failed`");
    }

    @Test
    void its_configuration_is_one() throws Exception {
        Path file = Files.writeString(directory.resolve("readme.yaml"), block("listen:"));
        assertThat(ConfigurationLoader.load(file, Map.of()).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kong.conf, proxy_server = ",
        "env, KONG_PROXY_SERVER=",
        "helm, env:",
        "deck, HTTPS_PROXY=",
    })
    void its_settings_for_kong_are_those_of_kong_config(String format, String beginning) throws Exception {
        Path file = Files.writeString(directory.resolve("readme.yaml"), block("listen:"));
        StringWriter out = new StringWriter();
        KonnectProxyCommand.execute(
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "kong-config",
                "--host",
                "konnect-proxy.example.internal",
                "--format",
                format,
                "-c",
                file.toString());
        // The front door leaves the comments out, and NO_PROXY to the page on Kong.
        assertThat(out.toString().replaceAll("(?m)^(#|NO_PROXY).*\n", "")).isEqualTo(block(beginning));
    }

    @Test
    void its_explanation_is_what_explain_says() {
        StringWriter out = new StringWriter();
        String[] command = block("$ ./konnect-proxy explain").split("\n", -1)[0].split(" ", -1);
        KonnectProxyCommand.execute(
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "explain",
                command[3],
                "-c",
                "../config/konnect-proxy.yaml");
        assertThat(block("$ ./konnect-proxy explain")).endsWith("\n" + out);
    }

    @Test
    void its_keys_are_those_that_are_read() throws Exception {
        Path file = Files.writeString(directory.resolve("minimal.yaml"), "regions: [us]\n");
        List<String> documented = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\|")
                .matcher(section("## Configuration"))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<String> read = new ArrayList<>(
                ConfigurationLoader.load(file, Map.of()).origins().keySet());
        assertThat(documented).containsExactlyInAnyOrderElementsOf(read);
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
                .matcher(section("## Commands").replace("\\|", ""))
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        assertThat(exist).contains("run", "certificate");
        assertThat(documented).containsExactlyInAnyOrderElementsOf(exist);
    }

    @Test
    void its_refusal_and_audit_line_look_as_they_really_do() throws Exception {
        try (Rig rig = Rig.standard();
                RawClient client = rig.client()) {
            Answer answer = client.connect("www.example.com").answer();
            String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
            String shown = block("HTTP/1.1 403");
            String shownId = first(shown, "Request-Id: (\\S+)");
            assertThat(withoutChance((answer.head() + answer.body()).replace("\r\n", "\n")))
                    .isEqualTo(withoutChance(shown.replace(shownId, id)));

            String line = rig.audit().decisionOf(id).toString();
            String shownLine = block("{\"v\":1,\"seq\":3").strip();
            assertThat(withoutChance(line)).isEqualTo(withoutChance(shownLine));
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
                    .isEqualTo(fields(block("{\"v\":1,\"seq\":5").strip()));
        }
    }

    /** Times, ports, ids and numbers differ from run to run. */
    private static String withoutChance(String line) {
        return line.replaceAll("Content-Length: \\d+", "Content-Length: 0")
                .replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"\"")
                .replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"\"")
                .replaceAll("\"listener\":\"127.0.0.1:\\d+\"", "\"listener\":\"\"")
                .replaceAll("\"port\":\\d+", "\"port\":0")
                .replaceAll("\"(prev|hash)\":\"[0-9a-f]{64}\"", "\"$1\":\"\"")
                .replaceAll("\"seq\":\\d+", "\"seq\":0");
    }

    private static List<String> fields(String line) {
        return Pattern.compile("\"([a-z_]+)\":")
                .matcher(line)
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    private static String first(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void its_figures_are_those_that_were_measured() throws Exception {
        List<String> measured = rows(Files.readString(Path.of("..", "docs", "performance.md"))).stream()
                .filter(cells -> cells.size() > 3)
                .map(cells -> cells.get(0) + ", " + cells.get(1) + ": " + cells.get(2) + " and " + cells.get(3))
                .toList();
        List<String> told = rows(section("## What it costs")).stream()
                .skip(2)
                .map(cells -> cells.get(0) + ": " + cells.get(1) + " and " + cells.get(2))
                .toList();
        assertThat(told).hasSize(3);
        assertThat(measured).containsAll(told);
    }

    private static List<List<String>> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(line.substring(1).strip().split("\\s*\\|\\s*", -1)))
                .toList();
    }

    private static String section(String heading) {
        int from = readme.indexOf(heading + "\n");
        int to = readme.indexOf("\n## ", from);
        return readme.substring(from, to < 0 ? readme.length() : to);
    }

    /** The fenced block that begins so. */
    private static String block(String beginning) {
        int from = readme.indexOf("\n" + beginning) + 1;
        assertThat(from).as("a block beginning " + beginning).isPositive();
        return new String(readme.substring(from, readme.indexOf("```", from)).getBytes(US_ASCII), US_ASCII);
    }
}
