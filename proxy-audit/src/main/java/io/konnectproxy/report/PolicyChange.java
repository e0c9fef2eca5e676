package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The values that one key gained and lost between two configurations. */
public record PolicyChange(String key, List<String> added, List<String> removed) {
    public static List<PolicyChange> between(Policy before, Policy after) {
        Set<String> keys = new TreeSet<>(before.values().keySet());
        keys.addAll(after.values().keySet());
        List<PolicyChange> changes = new ArrayList<>();
        for (String key : keys) {
            List<String> old = before.values().getOrDefault(key, List.of());
            List<String> now = after.values().getOrDefault(key, List.of());
            PolicyChange change = new PolicyChange(key, without(now, old), without(old, now));
            if (!change.added().isEmpty() || !change.removed().isEmpty()) {
                changes.add(change);
            }
        }
        return changes;
    }

    private static List<String> without(List<String> values, List<String> others) {
        Set<String> known = new HashSet<>(others);
        return values.stream().filter(value -> !known.contains(value)).toList();
    }
}
