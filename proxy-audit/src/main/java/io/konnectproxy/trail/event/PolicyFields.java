package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.audit.PolicySettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code configuration}. Readers compare whole policies, so that a lost line hides no change. */
final class PolicyFields implements EventFields {
    private static final int MAX_KEYS = 100;

    private final Members members;
    private final List<String> changed = new ArrayList<>();
    private @Nullable String occasion;
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
                values = new LinkedHashMap<>();
                members.object("configuration.policy", this::key);
            }
            case "occasion" -> occasion = members.text();
            case "changed" -> members.objects("configuration.changed", this::change);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean change(String name) throws UnreadableLineException {
        switch (name) {
            case "key" -> changed.add(members.text());
            case "added", "removed" -> members.skip();
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
        policy.put(name, members.texts());
        return true;
    }

    @Override
    public TrailEvent event(long time) throws UnreadableLineException {
        PolicySettings settings = new PolicySettings(required(values, "policy"));
        return new TrailEvent.Policy(
                time, required(occasion, "occasion"), required(digest, "digest"), settings, List.copyOf(changed));
    }
}
