package io.konnectproxy.server.dns;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The look-ups that run, in whose turn they do so, and which of them makes room for another. On the DNS event loop. */
final class RunningLookups {
    private final int most;
    private final int share;
    /** Those that somebody waits for, of each the newest last. */
    private final Map<Asker, Set<Lookup>> wanted = new HashMap<>();
    /** Those that nobody waits for any more, the one of the longest time ago first; they are in nobody's share. */
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

    /** Look-ups of the proxy itself are few, and they serve everybody. */
    boolean hasShareFor(Asker asker) {
        return asker.equals(Asker.PROXY) || of(asker) < share;
    }

    /** How many of an asker run; of the proxy itself none count. */
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

    /** Nobody waits for it any more, though it still runs. */
    void unwanted(Lookup lookup) {
        if (forget(lookup)) {
            unwanted.add(lookup);
        }
    }

    /** Somebody waits for it again. */
    void wanted(Lookup lookup) {
        if (unwanted.remove(lookup)) {
            wanted.computeIfAbsent(lookup.turn(), asker -> new LinkedHashSet<>())
                    .add(lookup);
        }
    }

    /**
     * Which one is to make room for a look-up of this asker: one that nobody waits for, else the newest of who has most, as long
     * as that one has more than this asker will have then.
     */
    Optional<Lookup> yieldingTo(Asker asker) {
        if (!unwanted.isEmpty()) {
            return Optional.of(unwanted.iterator().next());
        }
        Set<Lookup> greediest = Set.of();
        for (Map.Entry<Asker, Set<Lookup>> each : wanted.entrySet()) {
            if (!each.getKey().equals(Asker.PROXY) && each.getValue().size() > greediest.size()) {
                greediest = each.getValue();
            }
        }
        boolean fairer = greediest.size() > (asker.equals(Asker.PROXY) ? 0 : of(asker) + 1);
        return fairer ? greediest.stream().reduce((older, newer) -> newer) : Optional.empty();
    }
}
