package io.konnectproxy.suggest;

import io.konnectproxy.trail.event.TrailEvent.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests that were let through and whose end has not been read yet, and how far each trail goes. */
final class OpenRequests {
    /** Far more than limits.tunnels of a proxy, about 60 MB. */
    private static final int CAPACITY = 100_000;

    private static final int TRAILS = 10_000;

    private final Map<String, OfTrail> open = new LinkedHashMap<>();
    private final Map<String, Long> latest = new HashMap<>();

    private record OfTrail(String trail, Decision decision) {}

    /**
     * A request without an end.
     *
     * @param until the time of the last line of its process
     */
    record Abandoned(Decision decision, long until) {}

    /** Must be called for each line, after what it begins or ends: a start ends what was open at the line before it. */
    void at(String trail, long time) {
        if (latest.size() < TRAILS || latest.containsKey(trail)) {
            latest.put(trail, time);
        }
    }

    /** Returns whether there was room. */
    boolean begin(String trail, Decision decision) {
        if (open.size() >= CAPACITY) {
            return false;
        }
        open.put(decision.id(), new OfTrail(trail, decision));
        return true;
    }

    Optional<Decision> end(String id) {
        return Optional.ofNullable(open.remove(id)).map(OfTrail::decision);
    }

    /** Those of a trail, which are removed. */
    List<Abandoned> abandoned(String trail) {
        List<Abandoned> found = new ArrayList<>();
        open.values().removeIf(request -> {
            boolean its = request.trail().equals(trail);
            if (its) {
                found.add(abandoned(request));
            }
            return its;
        });
        return found;
    }

    List<Abandoned> all() {
        return open.values().stream().map(this::abandoned).toList();
    }

    private Abandoned abandoned(OfTrail request) {
        return new Abandoned(
                request.decision(),
                latest.getOrDefault(request.trail(), request.decision().time()));
    }
}
