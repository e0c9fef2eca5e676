package io.konnectproxy.report;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.trail.event.Pin;
import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Policy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often the pinned control planes, portals and tenants were used. An unused pin permits more than is needed. */
public final class PinUse {
    private static final int CAPACITY = 100_000;

    /** Configurations that are remembered to be kept once. */
    private static final int KNOWN = 1_000;

    private final Optional<Set<Pin>> asked;
    /** For each pin the time since which it is known from the lines, and how often it was permitted since. */
    private final Map<Pin, Use> pins = new HashMap<>();

    /** What was permitted to hosts of tenants, pinned or not. */
    private final Map<OpenLabel, Tally> ofPlaces = new EnumMap<>(OpenLabel.class);

    /** The last configuration of each proxy. */
    private final Map<String, Pinned> last = new HashMap<>();

    /** Most proxies of a fleet have the same. */
    private final Map<Pinned, Pinned> known = new HashMap<>();

    /**
     * @param asked the pins to report on; empty for those of the trail
     */
    PinUse(Optional<Set<Pin>> asked) {
        this.asked = asked;
        asked.ifPresent(given -> given.forEach(pin -> pins.put(pin, new Use(Long.MIN_VALUE))));
    }

    private static final class Use {
        private final long since;
        private final Tally tally = new Tally();

        Use(long since) {
            this.since = since;
        }
    }

    /**
     * What a configuration pins.
     *
     * @param hosts the patterns of the enabled hosts; empty where no line has them
     */
    private record Pinned(List<Pin> pins, List<String> hosts) {
        boolean isOpen(OpenLabel place) {
            return pins.stream().noneMatch(pin -> pin.place() == place)
                    && hosts.stream().anyMatch(pattern -> pattern.startsWith(place.placeholder()));
        }
    }

    /** The key of these pins in the trail's configuration. */
    static String setting(OpenLabel place) {
        return place.key().replace('-', '_');
    }

    /** @param proxy empty in a report on one trail */
    void configured(String proxy, Policy policy) {
        List<Pin> pinned = new ArrayList<>();
        for (OpenLabel place : OpenLabel.values()) {
            policy.values().getOrDefault(setting(place), List.of()).forEach(name -> pinned.add(new Pin(place, name)));
        }
        Pinned read = new Pinned(pinned, policy.values().getOrDefault("hosts", List.of()));
        if (known.size() >= KNOWN) {
            known.clear();
        }
        Pinned same = known.putIfAbsent(read, read);
        last.put(proxy, same == null ? read : same);
        for (Pin pin : pinned) {
            if (pins.size() < CAPACITY) {
                pins.putIfAbsent(pin, new Use(policy.time()));
            }
        }
    }

    void count(Decision decision) {
        // Only a permitted decision names a tenant, because a refusal has no rule.
        decision.place().owner().ifPresent(owner -> {
            ofPlaces.computeIfAbsent(owner.place(), any -> new Tally()).count(decision.judgement(), decision.time());
            Use use = pins.get(owner);
            if (use != null) {
                use.tally.count(decision.judgement(), decision.time());
            }
        });
    }

    /** Whether the pins are known. */
    public boolean isKnown() {
        return !last.isEmpty() || asked.isPresent();
    }

    public int pinned() {
        return current().size();
    }

    public int pinned(OpenLabel place) {
        return (int) current().stream().filter(pin -> pin.place() == place).count();
    }

    /** Whether the hosts of every tenant can be reached. */
    public boolean isOpen(OpenLabel place) {
        return asked.isPresent()
                ? place == OpenLabel.CONTROL_PLANE && pinned() == 0
                : last.values().stream().distinct().anyMatch(pinned -> pinned.isOpen(place));
    }

    /**
     * Pins that were never used, with the time of the first configuration that has them; {@link Long#MIN_VALUE} where
     * that is not known.
     */
    public Map<Pin, Long> unused() {
        Map<Pin, Long> unused = new TreeMap<>();
        for (Pin pin : current()) {
            Use use = pins.get(pin);
            if (use != null && use.tally.lines() == 0) {
                unused.put(pin, use.since);
            }
        }
        return unused;
    }

    /** Pins that were used, with what they permitted. */
    public Map<Pin, Tally> used() {
        Map<Pin, Tally> used = new TreeMap<>();
        for (Pin pin : current()) {
            Use use = pins.get(pin);
            if (use != null && use.tally.lines() > 0) {
                used.put(pin, use.tally);
            }
        }
        return used;
    }

    /** What was permitted to hosts with such a label, pinned or not. */
    Tally permitted(OpenLabel place) {
        return ofPlaces.getOrDefault(place, new Tally());
    }

    private Set<Pin> current() {
        return asked.orElseGet(() -> last.values().stream()
                .distinct()
                .flatMap(pinned -> pinned.pins().stream())
                .collect(Collectors.toUnmodifiableSet()));
    }
}
