package io.konnectproxy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the chart has from elsewhere in the repository is what is there. After a change of one of them {@code ./mvnw test -pl
 * proxy-server -am -Dtest=ValuesSchemaTest,KubernetesManifestTest -Dsurefire.failIfNoSpecifiedTests=false -Dupdate} writes it.
 */
class ValuesSchemaTest {
    private static final Path ROOT = Path.of("..");
    private static final Path CHART = HelmChart.SHIPPED.directory();
    private static final JsonMapper JSON = new JsonMapper();
    /** Neither is mounted by the chart: the trail has a volume of its own, and the other one is a URL. */
    private static final List<String> NOT_MOUNTED =
            List.of("/properties/audit/properties/file", "/properties/audit/properties/archive/properties/parent");

    private static final String FILE = "^/etc/konnect-proxy/[a-z0-9-]+/[A-Za-z0-9._-]+$";

    private static ObjectNode configuration() throws IOException {
        ObjectNode schema =
                (ObjectNode) JSON.readTree(Files.readString(ROOT.resolve("config/konnect-proxy.schema.json")));
        schema.remove(List.of("$schema", "title"));
        schema.put("description", "The configuration file, as config/konnect-proxy.schema.json has it.");
        NOT_MOUNTED.forEach(path -> ((ObjectNode) schema.at(path)).remove("minLength"));
        walk(schema);
        NOT_MOUNTED.forEach(path -> ((ObjectNode) schema.at(path)).put("minLength", 1));
        // Helm repeats what is not as a pattern says, and so a password; templates/validate.yaml does not.
        ((ObjectNode) schema.at("/properties/parents/items/properties/url")).remove("pattern");
        // What the templates cannot do without.
        schema.putArray("required").add("listen").add("regions").add("admin");
        ((ObjectNode) schema.at("/properties/admin")).putArray("required").add("address");
        namesOfTheTable(schema);
        return schema;
    }

    private static void walk(JsonNode node) {
        if (node instanceof ObjectNode object) {
            if (object.path("$ref").asString("").startsWith("#/")) {
                object.put(
                        "$ref",
                        "#/properties/config/" + object.path("$ref").asString().substring(2));
            }
            // Helm reads a number before the proxy does, and writes it as another one: 0123456789 would lose its zero.
            if (object.path("type").isArray() && object.path("type").toString().contains("\"number\"")) {
                object.put("type", "string");
            }
            // The chart mounts what is named there.
            if (object.path("minLength").asInt(0) == 1 && isFile(object)) {
                object.remove("minLength");
                object.put("pattern", FILE);
            }
            // Helm's sentence for them would be "'not' failed"; templates/validate.yaml has others.
            if (object.path("not").isObject()) {
                object.remove("not");
            }
        }
        node.forEach(ValuesSchemaTest::walk);
    }

    private static boolean isFile(ObjectNode schema) {
        String type = schema.path("type").toString();
        return !schema.has("pattern") && (type.equals("\"string\"") || type.equals("[\"string\",\"null\"]"));
    }

    /** Other names are for a table of hosts of one's own. */
    private static void namesOfTheTable(ObjectNode schema) {
        schema.putObject("if").putObject("not").putArray("required").add("konnect-hosts");
        ObjectNode then = schema.putObject("then").putObject("properties");
        for (String key : List.of("regions", "purposes")) {
            JsonNode names = schema.at("/properties/" + key + "/items/anyOf/0");
            then.putObject(key).set("items", names);
        }
        ObjectNode here = then.deepCopy();
        then.putObject("clients").putObject("items").set("properties", here);
        ObjectNode purposes = JSON.createObjectNode();
        purposes.set("purposes", here.get("purposes"));
        then.putObject("parents").putObject("items").set("properties", purposes);
    }

    @Test
    void the_schema_of_config_is_that_of_the_configuration() throws Exception {
        Path file = CHART.resolve("values.schema.json");
        ObjectNode values = (ObjectNode) JSON.readTree(Files.readString(file));
        if (System.getProperty("update") != null) {
            ((ObjectNode) values.path("properties")).set("config", configuration());
            Files.writeString(
                    file,
                    JSON.writer()
                                    .with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                                                    .withObjectNameValueSpacing(Spacing.AFTER))
                                            .withObjectIndenter(new DefaultIndenter("  ", "\n")))
                                    .writeValueAsString(values)
                            + "\n");
        }
        assertThat(values.at("/properties/config")).isEqualTo(configuration());
    }

    /** All that can be closed is. */
    @Test
    void no_object_takes_a_key_that_it_does_not_know() throws Exception {
        JsonNode values = JSON.readTree(Files.readString(CHART.resolve("values.schema.json")));
        ArrayNode open = JSON.createArrayNode();
        open("", values, open);
        assertThat(open.valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder(
                        "/properties/global",
                        "/properties/affinity/properties/nodeAffinity",
                        "/properties/affinity/properties/podAffinity",
                        "/properties/affinity/properties/podAntiAffinity");
    }

    private static void open(String path, JsonNode schema, ArrayNode open) {
        if (schema.path("type").asString("").equals("object") && !schema.has("additionalProperties")) {
            open.add(path);
        }
        schema.propertyStream()
                .filter(field -> field.getValue().isContainer())
                .forEach(field -> open(path + "/" + field.getKey(), field.getValue(), open));
        if (schema.isArray()) {
            schema.forEach(each -> open(path, each, open));
        }
    }

    /** Helm needs the chart to be whole. */
    @ParameterizedTest
    @CsvSource({"deploy/prometheus/alerts.yaml, alerts.yaml", "deploy/grafana/konnect-proxy.json, dashboard.json"})
    void the_files_are_copies(String original, String copy) throws Exception {
        Path there = CHART.resolve("files").resolve(copy);
        if (System.getProperty("update") != null) {
            Files.writeString(there, Files.readString(ROOT.resolve(original)));
        }
        assertThat(there).hasSameTextualContentAs(ROOT.resolve(original));
    }

    @Test
    void its_version_is_that_of_the_pom() throws Exception {
        Matcher version =
                Pattern.compile("<revision>(.+)</revision>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Files.readAllLines(CHART.resolve("Chart.yaml")))
                .contains("version: " + version.group(1), "appVersion: " + version.group(1));
    }
}
