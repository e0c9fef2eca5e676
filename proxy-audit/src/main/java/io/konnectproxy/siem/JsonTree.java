package io.konnectproxy.siem;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * A JSON object that is put together by paths: {@code source.ip} is the member {@code ip} of the object {@code source}. Values are texts,
 * whole numbers, flags, lists of texts, and objects. What is empty is left out.
 */
final class JsonTree {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Map<String, Object> members = new LinkedHashMap<>();

    JsonTree put(String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            member(path, value);
        } else {
            Object object = members.computeIfAbsent(path.substring(0, dot), name -> new JsonTree());
            ((JsonTree) object).put(path.substring(dot + 1), value);
        }
        return this;
    }

    /** Adds a member whose name is no path, for it is not one of ours. */
    JsonTree member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    JsonTree put(String path, Optional<?> value) {
        value.ifPresent(present -> put(path, present));
        return this;
    }

    /** The object on one line, in printable ASCII. */
    String text() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json);
        }
        // The one control character that JSON does not require to be escaped.
        return out.toString().replace("\u007f", "\\u007f");
    }

    private void write(JsonGenerator json) {
        json.writeStartObject();
        members.forEach((name, value) -> {
            json.writeName(name);
            write(json, value);
        });
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Object value) {
        if (value instanceof JsonTree object) {
            object.write(json);
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            items.forEach(item -> write(json, item));
            json.writeEndArray();
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(value.toString());
        }
    }
}
