package io.konnectproxy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The results as a Markdown table, and as JSON with the value of each round. */
final class Report {
    /** So many names of system calls are worth a look. */
    private static final int CALLS = 12;

    private Report() {}

    /** A table of the subjects that are compared, one of this proxy's variants, and the system calls by name; those that were measured. */
    static String of(Results results, Set<Subject> subjects) {
        Set<Subject> compared = EnumSet.copyOf(subjects);
        compared.removeIf(Subject::isVariant);
        Set<Subject> variants = EnumSet.copyOf(subjects);
        variants.removeIf(subject -> !subject.isVariant() && subject != Subject.KONNECT_PROXY);
        List<String> parts = new ArrayList<>();
        if (!compared.isEmpty()) {
            parts.add(table(results, compared));
        }
        if (variants.stream().anyMatch(Subject::isVariant)) {
            parts.add(table(results, variants));
        }
        if (!results.calls().isEmpty()) {
            parts.add(calls(results));
        }
        return String.join("\n", parts);
    }

    private static String calls(Results results) {
        return results.calls().entrySet().stream()
                .map(subject -> subject.getKey().label() + ": "
                        + subject.getValue().entrySet().stream()
                                .limit(CALLS)
                                .map(call -> String.format(Locale.ROOT, "%s %.1f", call.getKey(), call.getValue()))
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("\n", "System calls for a tunnel, the most frequent:\n\n", "\n"));
    }

    private static String table(Results results, Set<Subject> subjects) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("median", "unit"));
        subjects.forEach(subject -> head.add(subject.label()));
        if (subjects.contains(Subject.BEFORE)) {
            head.add("to before");
        }
        boolean besideSquid = subjects.contains(Subject.SQUID);
        if (besideSquid) {
            head.addAll(List.of("to Squid", "target"));
        }
        rows.add(head);
        for (Figure figure : Figure.values()) {
            if (subjects.stream()
                    .allMatch(subject -> results.median(figure, subject).isEmpty())) {
                continue;
            }
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
            if (besideSquid) {
                OptionalDouble ratio = results.ratio(figure, Subject.SQUID);
                row.add(ratio(ratio));
                row.add(figure.target()
                        + (ratio.isEmpty() || figure.target().isReachedBy(ratio.getAsDouble()) ? "" : " missed"));
            }
            rows.add(row);
        }
        return MarkdownTable.aligned(rows, column -> column >= 2);
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
    }

    static String json(Results results, Set<Subject> subjects) {
        return Arrays.stream(Figure.values())
                .filter(figure -> subjects.stream()
                        .anyMatch(subject -> !results.rounds(figure, subject).isEmpty()))
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
