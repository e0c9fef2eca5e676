package io.konnectproxy.compatibility;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What a JSON schema says of each field, as lines: that it is there, of which types, with which words, and whether always. */
final class SchemaWords {
    private final JsonNode root;
    private final boolean output;
    private final TreeMap<String, SortedSet<String>> types = new TreeMap<>();
    private final SortedSet<String> words = new TreeSet<>();
    /** The definitions that are being looked into, for they may refer to themselves. */
    private final Deque<String> within = new ArrayDeque<>();

    private SchemaWords(JsonNode root, boolean output) {
        this.root = root;
        this.output = output;
        look(root, "");
        types.forEach((path, each) -> {
            if (output) {
                // Readers must not meet another type than before.
                words.add(path + " : " + String.join(" or ", each));
            } else {
                each.forEach(type -> words.add(path + " : " + type));
            }
        });
    }

    /** Of a document that people write: whatever they may write, they may go on writing. */
    static SortedSet<String> ofInput(JsonNode schema) {
        return new SchemaWords(schema, false).words;
    }

    /** Of a document that programs read: what is always there stays so, and types do not widen. */
    static SortedSet<String> ofOutput(JsonNode schema) {
        return new SchemaWords(schema, true).words;
    }

    private void look(JsonNode node, String path) {
        String reference = node.path("$ref").asString("");
        if (!reference.isEmpty() && !within.contains(reference)) {
            within.push(reference);
            look(root.at(reference.substring(1)), path);
            within.pop();
        }
        properties(node, path);
        for (String key : new String[] {"oneOf", "anyOf", "allOf"}) {
            node.path(key).forEach(branch -> look(branch, path.isEmpty() ? name(branch) : path));
        }
        if (node.has("items")) {
            look(node.path("items"), path + "[]");
        }
        if (node.path("additionalProperties").isObject()) {
            look(node.path("additionalProperties"), path + ".*");
        }
        if (path.isEmpty()) {
            return;
        }
        JsonNode type = node.path("type");
        if (type.isArray()) {
            type.forEach(each -> type(path, each.asString()));
        } else if (type.isString()) {
            type(path, type.asString());
        }
        node.path("enum").forEach(word -> words.add(path + " = " + word));
        if (node.has("const")) {
            words.add(path + " = " + node.path("const"));
        }
    }

    private void properties(JsonNode node, String path) {
        String prefix = path.isEmpty() ? "" : path + ".";
        node.path("properties").propertyStream().forEach(property -> {
            words.add(prefix + property.getKey());
            look(property.getValue(), prefix + property.getKey());
        });
        if (output) {
            node.path("required").forEach(name -> words.add(prefix + name.asString() + " is always there"));
        }
    }

    private void type(String path, String type) {
        types.computeIfAbsent(path, first -> new TreeSet<>()).add(type);
    }

    /** The kinds of line have a definition each. */
    private static String name(JsonNode branch) {
        String reference = branch.path("$ref").asString("");
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
