package io.konnectproxy.journal;

import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.trail.LastConfiguration;
import io.konnectproxy.trail.Predecessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads back what the trail says was permitted. */
final class RecordedPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(RecordedPolicy.class);

    private RecordedPolicy() {}

    /** What the trail says last, in this file or in the one before it; empty where it says nothing that can be read. */
    static Optional<PolicySettings> lastIn(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Optional<String> line = LastConfiguration.of(file);
            Optional<Predecessor> before = line.isPresent() ? Optional.empty() : Predecessor.of(file);
            if (before.isPresent()) {
                line = LastConfiguration.of(before.get().file());
            }
            return line.flatMap(RecordedPolicy::of);
        } catch (IOException e) {
            LOG.warn(
                    "What was permitted before cannot be read from the files of the audit trail: {}.",
                    FileTrouble.of(e).reason());
            return Optional.empty();
        }
    }

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
