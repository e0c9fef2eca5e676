package io.konnectproxy.server.report;

import io.konnectproxy.server.report.TrailEvent.Decision;
import io.konnectproxy.server.report.TrailEvent.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which of the pinned control planes were asked for: a pin that nobody uses permits what nobody needs. */
final class PinUse {
    /** The key of the configuration that pins. */
    static final String KEY = "control_planes";

    private static final int CAPACITY = 100_000;

    private final Optional<Set<String>> asked;
    /** By control plane, since when it is pinned as far as the lines tell, and how often it was permitted since. */
    private final Map<String, Pin> pins = new HashMap<>();

    private List<String> last = List.of();
    private boolean configured;

    /** @param asked the pins that count, whatever the trail says */
    PinUse(Optional<Set<String>> asked) {
        this.asked = asked;
        asked.ifPresent(names -> names.forEach(name -> pins.put(name, new Pin(Long.MIN_VALUE))));
    }

    private static final class Pin {
        private final long since;
        private long used;

        Pin(long since) {
            this.since = since;
        }
    }

    void configured(Policy policy) {
        configured = true;
        last = policy.values().getOrDefault(KEY, List.of());
        for (String name : last) {
            if (pins.size() < CAPACITY) {
                pins.putIfAbsent(name, new Pin(policy.time()));
            }
        }
    }

    void count(Decision decision) {
        // Only a permission names one: a refusal has no rule.
        Pin pin = decision.place().controlPlane().map(pins::get).orElse(null);
        if (pin != null) {
            pin.used++;
        }
    }

    /** Whether it is known what is pinned. */
    boolean isKnown() {
        return configured || asked.isPresent();
    }

    int pinned() {
        return current().size();
    }

    /** Pins that were never used, with when the lines first have them; {@link Long#MIN_VALUE} when they don't say. */
    Map<String, Long> unused() {
        Map<String, Long> unused = new TreeMap<>();
        for (String name : current()) {
            Pin pin = pins.get(name);
            if (pin != null && pin.used == 0) {
                unused.put(name, pin.since);
            }
        }
        return unused;
    }

    private Set<String> current() {
        return asked.orElseGet(() -> Set.copyOf(last));
    }
}
