package io.konnectproxy.trail;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the fields of a line say, under their names: {@code client.address} for what is inside. What is null is left out, and
 * the items of a list are joined.
 */
public final class TrailFields {
    private static final JsonFactory JSON = new JsonFactory();

    private TrailFields() {}

    /** The fields of a line, in their order; as far as they can be read where it is not JSON. */
    public static Map<String, String> of(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    fields.merge(path(json), json.getString(), (one, more) -> one + ", " + more);
                }
            }
        } catch (JacksonException e) {
            // Its hash is what vouches for a line; here it is only shown.
            return fields;
        }
        return fields;
    }

    private static String path(JsonParser json) {
        StringBuilder path = new StringBuilder();
        for (var at = json.streamReadContext(); at != null; at = at.getParent()) {
            if (at.hasCurrentName() && !at.inArray()) {
                path.insert(0, path.isEmpty() ? at.currentName() : at.currentName() + ".");
            }
        }
        return path.toString();
    }

    /** What a gap, a torn end, a removed file or a mirror that missed lines says, as half a sentence. */
    public static String incident(Map<String, String> fields) {
        String reason = fields.getOrDefault("reason", "no reason given");
        return switch (fields.getOrDefault("event", "")) {
            case "gap" ->
                lines(fields.get("lost")) + " could not be written " + between(fields) + ": " + reason
                        + ("continue".equals(fields.get("on_failure"))
                                ? "; their requests were served all the same"
                                : "; their requests were refused");
            case "removed" -> "the finished file " + fields.get("file") + " was removed: " + reason;
            case "torn" ->
                fields.get("bytes") + " bytes at the end were no whole line and are kept as " + fields.get("kept_as")
                        + ": " + reason;
            default ->
                "the mirror " + fields.get("mirror") + " missed " + lines(fields.get("missed")) + " " + between(fields)
                        + ": " + reason;
        };
    }

    private static String lines(@Nullable String count) {
        return "1".equals(count) ? "1 line" : count + " lines";
    }

    private static String between(Map<String, String> fields) {
        return "between " + fields.get("from") + " and " + fields.get("until");
    }
}
