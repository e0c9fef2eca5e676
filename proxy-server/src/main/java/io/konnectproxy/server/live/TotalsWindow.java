package io.konnectproxy.server.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Totals of the last minute, from which rates are computed. Used by one thread. */
final class TotalsWindow {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Deque<Totals> samples = new ArrayDeque<>();

    private record Totals(long at, Map<String, Long> values) {}

    void add(Map<String, Long> values, long now) {
        samples.addLast(new Totals(now, values));
        while (now - samples.getFirst().at() > MINUTE) {
            samples.removeFirst();
        }
    }

    /** The increase in a second over these last seconds, or for as long as totals are known; 0 if they are not yet. */
    double perSecond(String name, long seconds) {
        Totals last = samples.getLast();
        Totals first = samples.stream()
                .filter(sample -> last.at() - sample.at() <= TimeUnit.SECONDS.toNanos(seconds))
                .findFirst()
                .orElse(last);
        long increase = last.values().getOrDefault(name, 0L) - first.values().getOrDefault(name, 0L);
        return first.equals(last) ? 0 : increase / ((last.at() - first.at()) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    /** Nobody watches any more. */
    void forget() {
        samples.clear();
    }
}
