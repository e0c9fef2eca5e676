package io.konnectproxy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as a Markdown table, and as JSON with the value of each round. */
final class Report {
    private Report() {}

    static String table(Results results, Set<Subject> subjects) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("median", "unit"));
        subjects.forEach(subject -> head.add(subject.label()));
        if (subjects.contains(Subject.BEFORE)) {
            head.add("to before");
        }
        head.addAll(List.of("to Squid", "target"));
        rows.add(head);
        for (Figure figure : Figure.values()) {
            List<String> row = new ArrayList<>(List.of(figure.label(), figure.unit()));
            for (Subject subject : subjects) {
                row.add(results.median(figure, subject).stream()
                        .mapToObj(figure::format)
                        .findFirst()
                        .orElse(""));
            }
            if (subjects.contains(Subject.BEFORE)) {
                row.add(ratio(results.ratio(figure, Subject.BEFORE)));
            }
            OptionalDouble ratio = results.ratio(figure, Subject.SQUID);
            row.add(ratio(ratio));
            row.add(figure.target()
                    + (ratio.isEmpty() || figure.target().isReachedBy(ratio.getAsDouble()) ? "" : " missed"));
            rows.add(row);
        }
        return MarkdownTable.aligned(rows, column -> column >= 2);
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
    }

    static String json(Results results, Set<Subject> subjects) {
        return Arrays.stream(Figure.values())
                .map(figure -> "  {\"figure\": \"" + figure.name().toLowerCase(Locale.ROOT) + "\", \"what\": \""
                        + figure.label() + "\", \"unit\": \"" + figure.unit() + "\", \"rounds\": {"
                        + subjects.stream()
                                .filter(subject ->
                                        !results.rounds(figure, subject).isEmpty())
                                .map(subject -> "\"" + subject.label() + "\": " + results.rounds(figure, subject))
                                .collect(Collectors.joining(", "))
                        + "}}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }
}
