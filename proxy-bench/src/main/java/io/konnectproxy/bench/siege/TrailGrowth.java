package io.konnectproxy.bench.siege;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was written to the trail for a while.
 *
 * @param counts how many lines there are of each kind: verdict or reason, outcome, other event
 * @param summed refusals without a line of their own, told by number
 * @param marked lines with a secret
 */
record TrailGrowth(long bytes, Map<String, Long> counts, long summed, long marked) {
    private static final int SHOWN = 5;

    TrailGrowth {
        counts = Map.copyOf(counts);
    }

    long lines() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The most frequent kinds of lines. */
    String told() {
        String told = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN)
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", "));
        return summed == 0 ? told : told + "; summed up " + summed;
    }
}
