package io.konnectproxy.server.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** A counter for each combination of the values of its labels. Thread-safe. */
final class LabelledCounter {
    private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();

    /** The counter with these values, which are in the order of the labels. */
    LongAdder of(String... values) {
        List<String> labels = List.of(values);
        LongAdder known = series.get(labels);
        return known != null ? known : series.computeIfAbsent(labels, first -> new LongAdder());
    }

    Map<List<String>, Long> values() {
        return series.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().sum()));
    }
}
