package io.konnectproxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Rows as Markdown that can be read as plain text, too. */
public final class MarkdownTable {
    private MarkdownTable() {}

    /**
     * The rows with columns of one width each.
     *
     * @param rows the head first
     * @param figures the columns of which are figures, by their number
     */
    public static String aligned(List<List<String>> rows, IntPredicate figures) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> rule = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            rule.add("-".repeat(widths[i] - 1) + (figures.test(i) ? ":" : "-"));
        }
        List<List<String>> all = new ArrayList<>(rows);
        all.add(1, rule);
        StringBuilder table = new StringBuilder();
        for (List<String> row : all) {
            for (int i = 0; i < columns; i++) {
                String blank = " ".repeat(widths[i] - row.get(i).length());
                table.append("| ")
                        .append(figures.test(i) ? blank + row.get(i) : row.get(i) + blank)
                        .append(' ');
            }
            table.append("|\n");
        }
        return table.toString();
    }
}
