package io.konnectproxy.server.journal;

import io.konnectproxy.audit.PolicySettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads back what a configuration line says was permitted. */
final class RecordedPolicy {
    private RecordedPolicy() {}

    /** The policy; empty where the line has none in the form that is written. */
    static Optional<PolicySettings> of(String line) {
        try (JsonParser json = AuditLine.JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean policy = json.currentName().equals("policy");
                json.nextToken();
                if (policy) {
                    return Optional.of(new PolicySettings(settings(json)));
                }
                json.skipChildren();
            }
        } catch (JacksonException e) {
            // Nothing is known of what was before then, which is what the next line will say.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Map<String, List<String>> settings(JsonParser json) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            List<String> values = new ArrayList<>();
            json.nextToken();
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                values.add(json.getString());
            }
            settings.put(key, values);
        }
        return settings;
    }
}
