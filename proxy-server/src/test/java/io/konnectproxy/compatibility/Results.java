package io.konnectproxy.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.compatibility.Commands.Ran;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a version makes of its samples, without what depends on the machine, the day and the version. */
final class Results {
    private static final JsonMapper JSON = new JsonMapper();

    private Results() {}

    /** Of the configuration file and its expectations. */
    static ObjectNode ofConfiguration(Samples samples, String file) {
        return checked(
                samples,
                Commands.run(
                        "check",
                        "--output",
                        "json",
                        "-c",
                        file,
                        "--tests",
                        samples.file("expectations.yaml").toString()));
    }

    /** Of a configuration that leaves all but one key to its default. */
    static ObjectNode ofDefaults(Samples samples, String smallestFile) {
        ObjectNode document = checked(samples, Commands.run("check", "--output", "json", "-c", smallestFile));
        ((ObjectNode) document.path("configuration").path("settings")).remove("instance");
        return document;
    }

    /** Of the variables, with a file that sets nothing. */
    static ObjectNode ofVariables(Samples samples, String emptyFile) {
        return checked(samples, Commands.run(variables(samples), "check", "--output", "json", "-c", emptyFile));
    }

    static Map<String, String> variables(Samples samples) {
        Map<String, String> variables = new TreeMap<>();
        samples.text("variables.txt").lines().forEach(line -> {
            String[] parts = line.split("=", 2);
            variables.put(parts[0], parts[1]);
        });
        return variables;
    }

    private static ObjectNode checked(Samples samples, Ran ran) {
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        ObjectNode document = parsed(samples, ran);
        document.remove(List.of("version", "file", "warnings"));
        ObjectNode configuration = (ObjectNode) document.path("configuration");
        configuration.remove(List.of("digest", "notes"));
        configuration.path("settings").forEach(setting -> ((ObjectNode) setting).remove("origin"));
        return document;
    }

    /** Of a trail. */
    static ObjectNode ofTrail(Samples samples, String directory) {
        Ran ran = Commands.run(
                "audit",
                "report",
                "--output",
                "json",
                "--key",
                samples.file("files/audit.pem.pub").toString(),
                samples.file(directory).toString());
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        ObjectNode document = parsed(samples, ran);
        document.remove(List.of("version", "generated", "command"));
        return document;
    }

    private static ObjectNode parsed(Samples samples, Ran ran) {
        return (ObjectNode) JSON.readTree(ran.out()
                .replace(samples.files(), "FILES")
                .replace(samples.directory().toString(), "SAMPLES"));
    }

    static String text(JsonNode document) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    }

    static JsonNode stored(Samples samples, String name) {
        return JSON.readTree(Samples.read(samples.file(name)));
    }

    /** Where the document of today lacks what was in that of then, or has something else there; further names are no matter. */
    static List<String> differences(JsonNode then, JsonNode now) {
        List<String> differences = new ArrayList<>();
        compare("", then, now, differences);
        return differences;
    }

    private static void compare(String path, JsonNode then, JsonNode now, List<String> differences) {
        if (then instanceof ObjectNode && now instanceof ObjectNode) {
            then.propertyStream()
                    .forEach(each ->
                            compare(path + "/" + each.getKey(), each.getValue(), now.path(each.getKey()), differences));
        } else if (then instanceof ArrayNode && now instanceof ArrayNode && then.size() == now.size()) {
            for (int i = 0; i < then.size(); i++) {
                compare(path + "/" + i, then.get(i), now.get(i), differences);
            }
        } else if (!then.equals(now)) {
            differences.add(path + ": " + then + ", now " + (now.isMissingNode() ? "nothing" : now));
        }
    }
}
