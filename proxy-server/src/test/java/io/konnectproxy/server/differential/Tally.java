package io.konnectproxy.server.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts what a run met, so that it can be told from one that met nothing. */
final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** At least one in {@code every} of {@code all} was this. */
    void requireOneIn(int every, int all, String what) {
        assertThat(counts.getOrDefault(what, 0))
                .as("how often: %s; in all %s", what, counts)
                .isGreaterThanOrEqualTo(all / every);
    }

    /** No more than one in {@code every} of {@code all} was this. */
    void requireAtMostOneIn(int every, int all, String what) {
        assertThat(counts.getOrDefault(what, 0))
                .as("how often: %s; in all %s", what, counts)
                .isLessThanOrEqualTo(all / every);
    }

    void requireEach(Stream<String> all) {
        assertThat(counts.keySet()).containsAll(all.toList());
    }
}
