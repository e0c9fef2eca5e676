package io.konnectproxy.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.server.command.KonnectProxyCommand;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.RawClient.Answer;
import io.konnectproxy.support.Rig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The front door says what is so. */
class ReadmeIT {
    private static MarkdownPage readme;

    @TempDir
    private Path directory;

    @BeforeAll
    static void read() {
        readme = MarkdownPage.of("README.md");
    }

    @Test
    void its_configuration_is_one() throws Exception {
        Path file = Files.writeString(directory.resolve("readme.yaml"), readme.block("listen:"));
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
        Path file = Files.writeString(directory.resolve("readme.yaml"), readme.block("listen:"));
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
        assertThat(out.toString().replaceAll("(?m)^(#|NO_PROXY).*\n", "")).isEqualTo(readme.block(beginning));
    }

    /**
     * What runs each command of the section, or, where there is neither a container engine nor Helm, reads the same file: buildah
     * and Helm's own library do.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            docker load --input konnect-proxy-VERSION-image.tar                        | .ci/release  | docker-archive:$name-image.tar
            helm install konnect-proxy ./konnect-proxy-VERSION.tgz --values values.yaml | .ci/kube    | ChartOnKubernetes
            apt-get install ./konnect-proxy_VERSION_all.deb                            | .ci/packages | inside apt-get install
            rpm -i konnect-proxy-VERSION.noarch.rpm                                    | .ci/packages | inside rpm -i
            java -jar konnect-proxy-VERSION.jar run -c konnect-proxy.yaml              | .ci/release  | $name.jar" run -c konnect-proxy.yaml
            """)
    void its_ways_to_install_are_tried(String command, String where, String how) throws Exception {
        assertThat(readme.block("docker load").lines().map(line -> line.replaceFirst(" +#.*", "")))
                .hasSize(5)
                .contains(command);
        assertThat(Files.readString(Path.of("..").resolve(where))).contains(how);
    }

    @Test
    void its_explanation_is_what_explain_says() {
        StringWriter out = new StringWriter();
        String[] command =
                readme.block("$ ./konnect-proxy explain").split("\n", -1)[0].split(" ", -1);
        KonnectProxyCommand.execute(
                new PrintWriter(out),
                new PrintWriter(new StringWriter()),
                Map.of(),
                "explain",
                command[3],
                "-c",
                "../config/konnect-proxy.yaml");
        assertThat(readme.block("$ ./konnect-proxy explain")).endsWith("\n" + out);
    }

    @Test
    void its_refusal_and_audit_line_look_as_they_really_do() throws Exception {
        try (Rig rig = Rig.standard();
                RawClient client = rig.client()) {
            Answer answer = client.connect("www.example.com").answer();
            String id = answer.header("X-Konnect-Proxy-Request-Id").orElseThrow();
            String shown = readme.block("HTTP/1.1 403");
            String shownId = first(shown, "Request-Id: (\\S+)");
            assertThat(withoutChance(answer.head().replace("\r\n", "\n")))
                    .isEqualTo(withoutChance(shown.replace(shownId, id)) + "\n");
            assertThat(answer.body().replace("\r\n", "\n"))
                    .isEqualTo(readme.block("Host is not a Konnect host.").replace(shownId, id));

            String line = rig.audit().decisionOf(id).toString();
            String shownLine = readme.block("{\"v\":2,\"trail\":\"5f0c9a1e7b34\",\"seq\":3")
                    .strip();
            assertThat(withoutChance(line)).isEqualTo(withoutChance(shownLine));
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
                .replaceAll("\"trail\":\"[0-9a-f]{12}\"", "\"trail\":\"\"")
                .replaceAll("\"seq\":\\d+", "\"seq\":0");
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
    void its_test_command_is_what_ci_runs() throws Exception {
        assertThat(readme.block("./mvnw")).startsWith("./mvnw verify ");
        assertThat(Files.readString(Path.of("..", ".ci", "run"))).containsPattern("(?m)^\\./mvnw .* verify$");
    }

    @Test
    void its_links_lead_somewhere() {
        assertThat(Pattern.compile("]\\(([^)#]+)[^)]*\\)")
                        .matcher(readme.text())
                        .results())
                .extracting(link -> link.group(1))
                .contains("docs/reference.md", "SECURITY.md")
                .allSatisfy(path -> assertThat(Path.of("..", path)).exists());
    }

    @Test
    void it_can_be_read_in_two_minutes() {
        String prose = readme.text().replaceAll("(?ms)^```.*?^```$", "");
        assertThat(prose.split("\\s+", -1)).hasSizeLessThan(500);
    }
}
