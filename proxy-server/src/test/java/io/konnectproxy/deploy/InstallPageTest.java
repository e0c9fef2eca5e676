package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The section on Helm: its values are some, its table has them all, its commands name what there is. */
class InstallPageTest {
    /** Rows that stand for all below. */
    private static final Set<String> WHOLE = Set.of("config", "probes");

    @TempDir
    private static Path mounted;

    private static String section;

    @BeforeAll
    static void read() throws Exception {
        section = section();
    }

    private static String section() throws Exception {
        Matcher helm = Pattern.compile("(?ms)^## Helm$.*?(?=^## |\\z)")
                .matcher(Files.readString(Path.of("..", "docs", "install.md")));
        assertThat(helm.find()).isTrue();
        return helm.group();
    }

    static Stream<String> blocks() throws Exception {
        return Pattern.compile("(?ms)^```\n(# values\\.yaml\n.*?)^```$")
                .matcher(section())
                .results()
                .map(block -> block.group(1));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void its_values_are_rendered_to_a_configuration_without_a_warning(String values) throws Exception {
        HelmChart.assumeHelm();
        RenderedChart rendered = HelmChart.SHIPPED.rendered(values);
        assertThat(Hardening.faults(rendered)).isEmpty();
        assertThat(MountedFiles.in(mounted).load(rendered.configuration()).warnings())
                .allMatch(warning -> warning.contains("the certificate") || warning.contains("The chain in"));
    }

    @Test
    void its_table_has_every_value_with_its_default() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]*) \\|")
                .matcher(section)
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        Map<String, JsonNode> values = new TreeMap<>();
        collect(
                "",
                new YAMLMapper()
                        .readTree(Files.readString(HelmChart.SHIPPED.directory().resolve("values.yaml"))),
                values);
        assertThat(documented.keySet()).isEqualTo(values.keySet());
        values.forEach((key, value) -> {
            if (value.isValueNode() && !value.asString().isEmpty()) {
                assertThat(documented.get(key)).as(key).isEqualTo("`" + value.asString() + "`");
            } else if (value.isEmpty()) {
                assertThat(documented.get(key)).as(key).doesNotContain("`");
            }
        });
    }

    private static void collect(String path, JsonNode node, Map<String, JsonNode> values) {
        node.propertyStream().forEach(field -> {
            String key = path + field.getKey();
            if (field.getValue().isObject()
                    && !field.getValue().isEmpty()
                    && !WHOLE.contains(key)
                    && !key.endsWith("labels")) {
                collect(key + ".", field.getValue(), values);
            } else {
                values.put(key, field.getValue());
            }
        });
    }

    /** {@code .ci/kube} does what these say; here they name the release, its namespace, the chart and the Secrets. */
    @Test
    void its_commands_are_for_the_release_and_the_secrets_of_the_defaults() throws Exception {
        List<String> commands = new ArrayList<>();
        Pattern.compile("(?ms)^```sh\n(.*?)^```$")
                .matcher(section)
                .results()
                .forEach(block -> block.group(1).lines().forEach(commands::add));
        assertThat(commands)
                .filteredOn(command -> command.startsWith("helm "))
                .hasSize(5)
                .allSatisfy(command -> assertThat(command)
                        .matches(
                                "helm -n konnect-proxy (install|test|upgrade|rollback|uninstall) konnect-proxy( .*)?"));
        assertThat(commands)
                .filteredOn(command -> command.matches("helm .* (install|upgrade) .*"))
                .allSatisfy(command -> assertThat(command).contains(" deploy/helm/konnect-proxy -f values.yaml"));
        JsonNode secrets = new YAMLMapper()
                .readTree(Files.readString(HelmChart.SHIPPED.directory().resolve("values.yaml")))
                .path("secrets");
        assertThat(commands)
                .anyMatch(command ->
                        command.contains("secret tls " + secrets.path("tls").asString() + " "))
                .anyMatch(command -> command.contains(
                        "secret generic " + secrets.path("users").asString() + " "));
        // The same on the page on Kong, whose test runs what there is of them.
        String kong = Files.readString(Path.of("..", "docs", "kong.md"));
        assertThat(commands.stream().filter(command -> !command.startsWith("helm ")))
                .allMatch(kong::contains);
    }
}
