package io.konnectproxy.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Each value of each round. */
final class Results {
    private final Map<Figure, Map<Subject, List<Double>>> values = new EnumMap<>(Figure.class);

    private final Map<Subject, Map<String, Double>> calls = new EnumMap<>(Subject.class);

    void add(Figure figure, Subject subject, double value) {
        values.computeIfAbsent(figure, any -> new EnumMap<>(Subject.class))
                .computeIfAbsent(subject, any -> new ArrayList<>())
                .add(value);
    }

    /** Median and 99th percentile of the samples, in milliseconds. */
    void addMillis(Figure median, Figure p99, Subject subject, Samples samples) {
        add(median, subject, samples.micros(0.5) / 1e3);
        add(p99, subject, samples.micros(0.99) / 1e3);
    }

    /** System calls for a tunnel by their names, the most frequent first. */
    void addCalls(Subject subject, Map<String, Double> byName) {
        calls.put(subject, byName);
    }

    Map<Subject, Map<String, Double>> calls() {
        return calls;
    }

    List<Double> rounds(Figure figure, Subject subject) {
        return values.getOrDefault(figure, Map.of()).getOrDefault(subject, List.of());
    }

    /** Empty where nothing was measured. */
    OptionalDouble median(Figure figure, Subject subject) {
        List<Double> sorted = rounds(figure, subject).stream().sorted().toList();
        int size = sorted.size();
        return size == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2);
    }

    /** Ours to theirs, of the medians; empty where one of them is missing or theirs is 0. */
    OptionalDouble ratio(Figure figure, Subject theirs) {
        OptionalDouble ours = median(figure, Subject.KONNECT_PROXY);
        OptionalDouble other = median(figure, theirs);
        return ours.isEmpty() || other.isEmpty() || other.getAsDouble() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(ours.getAsDouble() / other.getAsDouble());
    }
}
