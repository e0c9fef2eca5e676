package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code configuration}. What changed is found by comparing, so that a lost line hides nothing. */
final class PolicyFields implements EventFields {
    private static final int MAX_KEYS = 100;

    private final Members members;
    private @Nullable String digest;
    private @Nullable Map<String, List<String>> values;

    PolicyFields(Members members) {
        this.members = members;
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "digest" -> digest = members.text();
            case "policy" -> {
                values = new TreeMap<>();
                members.object("configuration.policy", this::key);
            }
            case "occasion", "changed" -> members.skip();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean key(String name) throws UnreadableLineException {
        Map<String, List<String>> policy = required(values, "policy");
        if (policy.size() == MAX_KEYS) {
            throw new UnreadableLineException("its 'policy' has more than " + MAX_KEYS + " keys");
        }
        policy.put(Printable.of(name), List.copyOf(members.texts()));
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        return new TrailEvent.Policy(time, required(digest, "digest"), Map.copyOf(required(values, "policy")));
    }
}
