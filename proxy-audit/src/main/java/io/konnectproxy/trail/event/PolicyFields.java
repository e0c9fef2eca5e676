package io.konnectproxy.trail.event;

import static io.konnectproxy.trail.event.EventFields.required;

import io.konnectproxy.audit.PolicySettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a {@code configuration}. Readers compare whole policies, so that a lost line hides no change. */
final class PolicyFields implements EventFields {
    private static final int MAX_KEYS = 100;

    private final Members members;
    private final List<PolicySettings.Change> changed = new ArrayList<>();
    private Optional<String> instance = Optional.empty();
    private Optional<String> configurationDigest = Optional.empty();
    private @Nullable String key;
    private @Nullable List<String> added;
    private @Nullable List<String> removed;
    private @Nullable String occasion;
    private @Nullable String digest;
    private @Nullable Map<String, List<String>> values;

    PolicyFields(Members members) {
        this.members = members;
    }

    @Override
    public boolean take(String name) throws UnreadableLineException {
        switch (name) {
            case "instance" -> instance = Optional.of(members.text());
            case "configuration_digest" -> configurationDigest = Optional.of(members.text());
            case "digest" -> digest = members.text();
            case "policy" -> {
                values = new LinkedHashMap<>();
                members.object("configuration.policy", this::key);
            }
            case "occasion" -> occasion = members.text();
            case "changed" -> members.objects("configuration.changed", this::member, this::change);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean member(String name) throws UnreadableLineException {
        switch (name) {
            case "key" -> key = members.text();
            case "added" -> added = printable(members.texts());
            case "removed" -> removed = printable(members.texts());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void change() throws UnreadableLineException {
        changed.add(new PolicySettings.Change(
                required(key, "changed.key"), required(added, "changed.added"), required(removed, "changed.removed")));
        key = null;
        added = null;
        removed = null;
    }

    private static List<String> printable(List<String> texts) {
        return texts.stream().map(Printable::of).toList();
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
                time,
                required(occasion, "occasion"),
                instance,
                configurationDigest,
                required(digest, "digest"),
                settings,
                List.copyOf(changed));
    }
}
