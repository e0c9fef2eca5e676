package io.konnectproxy.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Suggests corrections of misspelt words. */
public final class Spelling {
    private Spelling() {}

    /** The rest of a sentence about an unknown word: the nearest known word, if one is near, and all known words. */
    static String hint(String word, Collection<String> known) {
        String all = "one of: " + String.join(", ", known);
        return nearest(word, known)
                .or(() -> several(word, known))
                .map(near -> "; did you mean '" + near + "'? It must be " + all)
                .orElse("; it must be " + all);
    }

    /** Known words without the commas between them. */
    private static Optional<String> several(String word, Collection<String> known) {
        List<String> words = List.of(word.strip().split("[\\s;]+"));
        return words.size() > 1 && known.containsAll(words) ? Optional.of(String.join(", ", words)) : Optional.empty();
    }

    /** The known word that is nearest to another one; empty if none is near. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String folded = fold(word);
        return known.stream()
                .filter(candidate -> distance(folded, fold(candidate)) <= allowed(folded, candidate))
                .min(Comparator.comparingInt(candidate -> distance(folded, fold(candidate))))
                .or(() -> abbreviated(folded, known));
    }

    /** The one known word that begins with it, as in {@code cert}. */
    private static Optional<String> abbreviated(String folded, Collection<String> known) {
        List<String> longer = known.stream()
                .filter(candidate -> folded.length() >= 4 && fold(candidate).startsWith(folded))
                .toList();
        return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
    }

    /** Letter case and word separators do not count as edits. */
    private static String fold(String word) {
        return word.strip().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** One edit in short words, one for every three letters in long ones. */
    private static int allowed(String word, String candidate) {
        return Math.max(1, Math.min(word.length(), candidate.length()) / 3);
    }

    /** The edit distance; a transposition of neighbours is one edit. */
    static int distance(String a, String b) {
        if (Math.max(a.length(), b.length()) > 64) {
            return Integer.MAX_VALUE;
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int cheapest(int[][] edits, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(edits[i - 1][j - 1] + (same ? 0 : 1), Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}
