package io.konnectproxy.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy as text for the audit trail: each setting with its values.
 *
 * @param settings the settings in the order in which they are written
 */
public record PolicySettings(Map<String, List<String>> settings) {
    public PolicySettings {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        settings.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        settings = Collections.unmodifiableMap(copy);
    }

    /** A setting that differs between two policies, with its added and removed values. */
    public record Change(String key, List<String> added, List<String> removed) {
        public Change {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }
    }

    /** The differences from an earlier policy. A setting that is missing from one of them counts as one without values. */
    public List<Change> changesSince(PolicySettings earlier) {
        Set<String> keys = new LinkedHashSet<>(settings.keySet());
        keys.addAll(earlier.settings.keySet());
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            Change change = new Change(
                    key, without(values(key), earlier.values(key)), without(earlier.values(key), values(key)));
            if (!change.added().isEmpty() || !change.removed().isEmpty()) {
                changes.add(change);
            }
        }
        return changes;
    }

    private List<String> values(String key) {
        return settings.getOrDefault(key, List.of());
    }

    private static List<String> without(List<String> values, List<String> others) {
        return values.stream().filter(value -> !others.contains(value)).toList();
    }
}
