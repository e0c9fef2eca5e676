package io.konnectproxy.server.dns;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The running look-ups, the askers that they are charged to, and the choice of one to preempt. Runs on the DNS event loop.
 */
final class RunningLookups {
    private final int most;
    private final int share;
    /** Look-ups with callbacks, by asker; the newest last. */
    private final Map<Asker, Set<Lookup>> wanted = new HashMap<>();
    /** Look-ups without callbacks, the longest abandoned first; they count for no asker's share. */
    private final Set<Lookup> unwanted = new LinkedHashSet<>();

    private int size;

    /** @param most how many may run at once; half of them for one client */
    RunningLookups(int most) {
        this.most = most;
        this.share = Math.max(1, most / 2);
    }

    boolean hasRoom() {
        return size < most;
    }

    /** Look-ups of the proxy itself have no limit: they are few, and all clients need them. */
    boolean hasShareFor(Asker asker) {
        return asker.equals(Asker.PROXY) || of(asker) < share;
    }

    /** The number of running look-ups of an asker; those of the proxy itself do not count. */
    int of(Asker asker) {
        return asker.equals(Asker.PROXY)
                ? 0
                : wanted.getOrDefault(asker, Set.of()).size();
    }

    void begun(Lookup lookup) {
        wanted.computeIfAbsent(lookup.turn(), asker -> new LinkedHashSet<>()).add(lookup);
        size++;
    }

    void ended(Lookup lookup) {
        if (unwanted.remove(lookup) || forget(lookup)) {
            size--;
        }
    }

    private boolean forget(Lookup lookup) {
        @Nullable Set<Lookup> its = wanted.get(lookup.turn());
        boolean there = its != null && its.remove(lookup);
        if (its != null && its.isEmpty()) {
            wanted.remove(lookup.turn());
        }
        return there;
    }

    /** Records that a running look-up has no callback any more. */
    void unwanted(Lookup lookup) {
        if (forget(lookup)) {
            unwanted.add(lookup);
        }
    }

    /** Records that a running look-up has a callback again. */
    void wanted(Lookup lookup) {
        if (unwanted.remove(lookup)) {
            wanted.computeIfAbsent(lookup.turn(), asker -> new LinkedHashSet<>())
                    .add(lookup);
        }
    }

    /**
     * The look-up to preempt for one of this asker: one without callbacks, else the newest one of the asker that has most,
     * provided that it has more than this asker will have then.
     */
    Optional<Lookup> preemptibleFor(Asker asker) {
        if (!unwanted.isEmpty()) {
            return Optional.of(unwanted.iterator().next());
        }
        Set<Lookup> largest = Set.of();
        for (Map.Entry<Asker, Set<Lookup>> each : wanted.entrySet()) {
            if (!each.getKey().equals(Asker.PROXY) && each.getValue().size() > largest.size()) {
                largest = each.getValue();
            }
        }
        boolean fairer = largest.size() > (asker.equals(Asker.PROXY) ? 0 : of(asker) + 1);
        return fairer ? largest.stream().reduce((older, newer) -> newer) : Optional.empty();
    }
}
