package io.konnectproxy.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that all of it can be said at once. */
final class Problems {
    private static final int SHOWN = 60;

    private final List<Problem> problems = new ArrayList<>();

    private record Problem(Place place, String text) {
        @Override
        public String toString() {
            return place + ": " + text;
        }
    }

    /** {@code sentence} says what is wrong and what would be right. */
    void add(Place place, String key, String sentence) {
        problems.add(new Problem(place, key.isEmpty() ? sentence : key + ": " + sentence));
    }

    void addAll(Problems others) {
        problems.addAll(others.problems);
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
                .map(Problem::toString)
                .distinct()
                .toList();
    }

    /** A value as it may be shown on a terminal: one line, printable, not endless. */
    static String quoted(String value) {
        StringBuilder shown = new StringBuilder("'");
        value.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.append(value.length() > SHOWN ? "...'" : "'").toString();
    }
}
