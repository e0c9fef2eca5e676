package io.konnectproxy.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that all of it can be said at once. */
final class Problems {
    private static final int SHOWN = 60;

    private final List<Problem> problems = new ArrayList<>();

    private record Problem(SourceLocation place, String text) {
        @Override
        public String toString() {
            return place + ": " + text;
        }
    }

    /** {@code sentence} says what is wrong and what would be right. */
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

    /** File by file, from top to bottom; then what concerns no line. */
    List<String> sentences() {
        return problems.stream()
                .sorted(Comparator.comparing(
                                (Problem problem) -> problem.place().line() == 0)
                        .thenComparing((Problem problem) -> problem.place().source())
                        .thenComparing(problem -> problem.place().line()))
                .map(problem -> printable(problem.toString()))
                .distinct()
                .toList();
    }

    /** A value within a sentence, not endless, and not with the password of a URL in it. */
    static String quoted(String value) {
        String harmless = withoutUser(value);
        StringBuilder shown = new StringBuilder("'");
        harmless.codePoints().limit(SHOWN).forEach(shown::appendCodePoint);
        return shown.append(harmless.length() > SHOWN ? "...'" : "'").toString();
    }

    private static String withoutUser(String value) {
        int authority = value.indexOf("://") + 3;
        int at = value.lastIndexOf('@');
        return authority >= 3 && at >= authority ? value.substring(0, authority) + "***" + value.substring(at) : value;
    }

    /** What may be shown on a terminal, on one line; file names and the words of the YAML reader are not always. */
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
