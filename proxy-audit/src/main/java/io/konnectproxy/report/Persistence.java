package io.konnectproxy.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds what happens again and again, five times in ten minutes, and counts it from its beginning. Keys that did not yet are
 * bounded: the one that was silent longest is dropped.
 */
final class Persistence<K> {
    private static final int CANDIDATES = 2_000;

    private final Map<K, Recurrence> candidates = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Recurrence> eldest) {
            return size() > CANDIDATES;
        }
    };
    private final Ranking<K> found = new Ranking<>(CANDIDATES);

    private static final class Recurrence {
        private final Tally tally = new Tally();
        private final FiveInTenMinutes times = new FiveInTenMinutes();
    }

    /**
     * Counts a line.
     *
     * @param times how often it happened, according to the line
     * @param counting counts the line in a tally
     * @return whether the key was not known
     */
    boolean count(K key, long time, long times, Consumer<Tally> counting) {
        if (found.has(key)) {
            counting.accept(found.of(key));
            return false;
        }
        boolean unknown = !candidates.containsKey(key);
        Recurrence candidate = candidates.computeIfAbsent(key, any -> new Recurrence());
        counting.accept(candidate.tally);
        boolean often = false;
        for (long i = 0; i < Math.min(times, 5); i++) {
            often = candidate.times.add(time);
        }
        if (often) {
            found.of(key).add(candidate.tally);
            candidates.remove(key);
        }
        return unknown;
    }

    Ranking<K> found() {
        return found;
    }
}
