package io.konnectproxy.siem;

import io.konnectproxy.address.AddressText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reduced definitions of OCSF and ECS, and what is wrong with an event by them: nothing that they do not have, in no other type. */
final class SiemDefinitions {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode OCSF = definitions("ocsf-1.8.0.json");
    private static final JsonNode ECS = definitions("ecs-9.4.0.json");

    private SiemDefinitions() {}

    private static JsonNode definitions(String name) {
        try (InputStream in =
                Objects.requireNonNull(SiemDefinitions.class.getResourceAsStream("/siem/" + name), name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String event) {
        return JSON.readTree(event);
    }

    static List<String> problemsByOcsf(String event) {
        List<String> problems = new ArrayList<>();
        JsonNode json = json(event);
        JsonNode definition = OCSF.path("classes").path(json.path("class_uid").asString());
        if (definition.isMissingNode()) {
            return List.of("class_uid " + json.path("class_uid"));
        }
        long type =
                json.path("class_uid").asLong() * 100 + json.path("activity_id").asLong();
        expect(json, "category_uid", definition.path("category_uid").asLong(), problems);
        expect(json, "type_uid", type, problems);
        expect(json.path("metadata"), "version", OCSF.path("version").asString(), problems);
        List<String> profiles = texts(json.path("metadata").path("profiles"));
        object("", json, definition, profiles, problems);
        return problems;
    }

    private static void expect(JsonNode json, String name, Object expected, List<String> problems) {
        if (!json.path(name).asString().equals(expected.toString())) {
            problems.add(name + " is not " + expected);
        }
    }

    private static void object(
            String path, JsonNode json, JsonNode definition, List<String> profiles, List<String> problems) {
        JsonNode attributes = definition.path("attributes");
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            String profile = attribute.getValue().path("profile").asString("");
            boolean required =
                    attribute.getValue().path("requirement").asString("").equals("required")
                            && (profile.isEmpty() || profiles.contains(profile));
            if (required && !json.has(attribute.getKey())) {
                problems.add(path + attribute.getKey() + " is missing");
            }
        }
        List<String> atLeastOne = texts(definition.path("at_least_one"));
        if (!atLeastOne.isEmpty() && atLeastOne.stream().noneMatch(json::has)) {
            problems.add(path + " has none of " + atLeastOne);
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = path + member.getKey();
            JsonNode attribute = attributes.path(member.getKey());
            String profile = attribute.path("profile").asString("");
            if (attribute.isMissingNode()) {
                problems.add(name + " is not defined");
            } else if (!profile.isEmpty() && !profiles.contains(profile)) {
                problems.add(name + " is of the profile " + profile + ", which is not named");
            } else if (attribute.path("array").asBoolean(false)
                    != member.getValue().isArray()) {
                problems.add(name + " is a list, or should be one");
            } else {
                elements(member.getValue()).forEach(value -> value(name, value, attribute, profiles, problems));
            }
        }
    }

    private static List<JsonNode> elements(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false).toList()
                : List.of(value);
    }

    private static void value(
            String name, JsonNode value, JsonNode attribute, List<String> profiles, List<String> problems) {
        String type = attribute.path("type").asString();
        JsonNode object = OCSF.path("objects").path(type);
        boolean fits = switch (type) {
            case "string_t", "hostname_t" ->
                value.isString() && !value.asString().isEmpty();
            case "ip_t" ->
                value.isString() && AddressText.read(value.asString()).isPresent();
            case "integer_t" -> value.isInt();
            case "long_t", "timestamp_t" -> value.isIntegralNumber();
            case "port_t" -> value.isInt() && value.asInt() >= 0 && value.asInt() <= 65_535;
            case "boolean_t" -> value.isBoolean();
            case "object" -> value.isObject();
            default -> value.isObject() && !object.isMissingNode();
        };
        if (!fits) {
            problems.add(name + " is no " + type + ": " + value);
        } else if (attribute.has("enum") && !texts(attribute.path("enum")).contains(value.asString())) {
            problems.add(name + " may not be " + value);
        } else if (!object.isMissingNode()) {
            object(name + ".", value, object, profiles, problems);
        }
    }

    static List<String> problemsByEcs(String event) {
        List<String> problems = new ArrayList<>();
        JsonNode json = json(event);
        expect(json.path("ecs"), "version", ECS.path("version").asString(), problems);
        texts(ECS.path("required")).stream()
                .filter(field -> json.at("/" + field.replace('.', '/')).isMissingNode())
                .forEach(field -> problems.add(field + " is missing"));
        fields("", json, problems);
        for (String category : texts(json.path("event").path("category"))) {
            List<String> expected = texts(ECS.path("types_of_categories").path(category));
            texts(json.path("event").path("type")).stream()
                    .filter(type -> !expected.contains(type))
                    .forEach(type -> problems.add(type + " is no event.type of " + category));
        }
        return problems;
    }

    private static void fields(String path, JsonNode json, List<String> problems) {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = path + member.getKey();
            JsonNode field = ECS.path("fields").path(name);
            JsonNode value = member.getValue();
            if (field.path("type").asString("").equals("object")) {
                value.properties().stream()
                        .filter(label -> !label.getValue().isString())
                        .forEach(label -> problems.add(name + "." + label.getKey() + " is no keyword"));
            } else if (value.isObject()) {
                fields(name + ".", value, problems);
            } else if (field.isMissingNode()) {
                problems.add(name + " is not defined");
            } else if (field.path("array").asBoolean(false) != value.isArray()) {
                problems.add(name + " is a list, or should be one");
            } else {
                elements(value).forEach(element -> field(name, element, field, problems));
            }
        }
    }

    private static void field(String name, JsonNode value, JsonNode field, List<String> problems) {
        String type = field.path("type").asString();
        boolean fits = switch (type) {
            case "keyword", "match_only_text" -> value.isString();
            case "ip" -> value.isString() && AddressText.read(value.asString()).isPresent();
            case "long" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "date" -> isTime(value.asString());
            default -> false;
        };
        if (!fits) {
            problems.add(name + " is no " + type + ": " + value);
        } else if (field.has("allowed") && !texts(field.path("allowed")).contains(value.asString())) {
            problems.add(name + " may not be " + value);
        }
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text).toString().length() > 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    static List<String> texts(JsonNode list) {
        return elements(list).stream()
                .filter(node -> !node.isMissingNode())
                .map(JsonNode::asString)
                .toList();
    }
}
