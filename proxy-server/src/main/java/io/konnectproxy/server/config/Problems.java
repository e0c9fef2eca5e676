package io.konnectproxy.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects problems, so that all of them are reported at once. */
final class Problems {
    private static final int SHOWN = 60;
    private static final int TARGET_SHOWN = 300;

    private final List<Problem> problems = new ArrayList<>();

    private record Problem(SourceLocation place, String text) {
        ConfigurationProblem printed() {
            return new ConfigurationProblem(
                    Optional.of(new SourceLocation(printable(place.source()), place.line())), printable(text));
        }
    }

    /** {@code sentence} names the problem and the remedy. */
    void add(SourceLocation place, String key, String sentence) {
        problems.add(new Problem(place, key.isEmpty() ? sentence : key + ": " + sentence));
    }

    void addAll(Problems others) {
        problems.addAll(others.problems);
    }

    int count() {
        return problems.size();
    }

    boolean none() {
        return problems.isEmpty();
    }

    /** Each with its place in front, in the order of {@link #all}. */
    List<String> sentences() {
        return all().stream().map(ConfigurationProblem::toString).toList();
    }

    /** Sorted by file and line; problems without a line come last. */
    List<ConfigurationProblem> all() {
        return problems.stream()
                .sorted(Comparator.comparing(
                                (Problem problem) -> problem.place().line() == 0)
                        .thenComparing((Problem problem) -> problem.place().source())
                        .thenComparing(problem -> problem.place().line()))
                .map(Problem::printed)
                .distinct()
                .toList();
    }

    /** Quotes a value: shortened, and without the userinfo of a URL. */
    static String quoted(String value) {
        String harmless = withoutUser(value);
        StringBuilder shown = new StringBuilder("'");
        harmless.codePoints().limit(SHOWN).forEach(shown::appendCodePoint);
        return shown.append(harmless.length() > SHOWN ? "...'" : "'").toString();
    }

    /** The same without quotes, for a request target: the longest host name is shown whole. */
    static String shownTarget(String value) {
        String harmless = printable(withoutUser(value));
        return harmless.length() > TARGET_SHOWN ? harmless.substring(0, TARGET_SHOWN) + "..." : harmless;
    }

    private static String withoutUser(String value) {
        int authority = value.indexOf("://") + 3;
        int at = value.lastIndexOf('@');
        return authority >= 3 && at >= authority ? value.substring(0, authority) + "***" + value.substring(at) : value;
    }

    /** Replaces characters that must not reach a terminal; file names and messages of the YAML engine may have them. */
    static String printable(String sentence) {
        StringBuilder shown = new StringBuilder();
        sentence.codePoints().map(c -> isPrintable(c) ? c : '?').forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
