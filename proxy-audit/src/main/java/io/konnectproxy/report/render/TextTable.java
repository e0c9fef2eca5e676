package io.konnectproxy.report.render;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table in aligned columns that stays within a width where it can: what is too long goes on in the next line of its column. A
 * word is not broken, since it may be a host name that somebody wants to copy: rather, the table is wider, or the rest of the row
 * begins in the next line.
 */
final class TextTable {
    private static final int GAP = 2;
    private static final int CARD_INDENT = 4;
    /** Narrower than this nobody can read. */
    private static final int MIN_WIDTH = 10;
    /** A longer name has a line of its own. */
    private static final int MIN_NAME = 8;
    /** A column is not wider than this for a word: a hostile name does not make a table that nobody can read. */
    private static final int MAX_WORD = 64;
    /** A host name of 253 characters with its port. What is longer is none, and is broken. */
    private static final int MAX_NAME = 259;
    /** Lines of one field. */
    private static final int MAX_HEIGHT = 6;

    private final Grid grid;
    private final int[] widths;
    private final int[] least;
    private final int width;
    /** Whether each row takes several lines, because a line is too short for the texts of all. */
    private final boolean cards;

    TextTable(Grid grid, int width) {
        this.grid = grid;
        this.widths = new int[grid.columns().size()];
        this.least = new int[grid.columns().size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = natural(i);
            least[i] = Math.max(MIN_WIDTH, longestWord(i));
        }
        int total = Arrays.stream(widths).sum() + GAP * (widths.length - 1);
        while (total > width && shrinkWidest(least)) {
            total--;
        }
        cards = total > width && textColumns() > 1;
        // Where one column is text, a name that is too long has a line of its own, and the numbers follow below.
        int[] narrow = new int[widths.length];
        Arrays.fill(narrow, MIN_NAME);
        while (!cards && total > width && shrinkWidest(narrow)) {
            total--;
        }
        this.width = width;
    }

    private long textColumns() {
        return grid.columns().stream().filter(column -> !column.numeric()).count();
    }

    private int natural(int column) {
        String title = grid.columns().get(column).title();
        // The title of numbers may be broken at its spaces; that of text rarely is the longest.
        int widest = grid.columns().get(column).numeric()
                ? Arrays.stream(title.split(" ", -1))
                        .mapToInt(String::length)
                        .max()
                        .orElse(0)
                : title.length();
        for (Grid.Row row : grid.rows()) {
            widest = Math.max(widest, row.cells().get(column).words().length());
        }
        return widest;
    }

    private int longestWord(int column) {
        return grid.rows().stream()
                .flatMap(row -> Arrays.stream(row.cells().get(column).words().split(" ", -1)))
                .mapToInt(String::length)
                .filter(length -> length <= MAX_WORD)
                .max()
                .orElse(0);
    }

    private boolean shrinkWidest(int[] limits) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (!grid.columns().get(i).numeric()
                    && widths[i] > limits[i]
                    && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        if (widest >= 0) {
            widths[widest]--;
        }
        return widest >= 0;
    }

    void write(PrintWriter out) {
        if (cards) {
            grid.rows().forEach(row -> card(row, out));
            return;
        }
        write(grid.columns().stream().map(Grid.Column::title).toList(), out);
        out.println(
                String.join("  ", Arrays.stream(widths).mapToObj("-"::repeat).toList()));
        for (Grid.Row row : grid.rows()) {
            write(row.cells().stream().map(Cell::words).toList(), out);
        }
    }

    /** A row that does not fit in a line: its texts, and below them its figures with their names. */
    private void card(Grid.Row row, PrintWriter out) {
        List<String> texts = new ArrayList<>();
        List<String> figures = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            Cell cell = row.cells().get(i);
            if (cell.isNothing()) {
                continue;
            }
            if (grid.columns().get(i).numeric()) {
                figures.add(grid.columns().get(i).title().toLowerCase(Locale.ROOT) + " " + cell.words());
            } else {
                texts.add(cell.words());
            }
        }
        cut(wrap(String.join("  ", texts), width), width).forEach(out::println);
        cut(wrap(String.join(", ", figures), width - CARD_INDENT), width - CARD_INDENT)
                .forEach(line -> out.println(" ".repeat(CARD_INDENT) + line));
    }

    private void write(List<String> texts, PrintWriter out) {
        List<List<String>> columns = new ArrayList<>();
        int height = 1;
        for (int i = 0; i < widths.length; i++) {
            List<String> lines = cut(wrap(texts.get(i), widths[i]), widths[i]);
            columns.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder row = new StringBuilder();
            int column = 0;
            for (int i = 0; i < widths.length; i++) {
                String text = line < columns.get(i).size() ? columns.get(i).get(line) : "";
                String space = " ".repeat(Math.max(0, widths[i] - text.length()));
                row.append(i == 0 ? "" : " ".repeat(GAP));
                row.append(grid.columns().get(i).numeric() ? space + text : text + space);
                column += widths[i] + (i == 0 ? 0 : GAP);
                if (row.length() > column && i + 1 < widths.length) {
                    out.println(row.toString().stripTrailing());
                    row = new StringBuilder(" ".repeat(column));
                }
            }
            out.println(row.toString().stripTrailing());
        }
    }

    /** A hostile name does not get a page of its own; the other formats have it in full. */
    private static List<String> cut(List<String> lines, int width) {
        if (lines.size() <= MAX_HEIGHT) {
            return lines;
        }
        List<String> cut = new ArrayList<>(lines.subList(0, MAX_HEIGHT));
        String last = cut.get(MAX_HEIGHT - 1);
        cut.set(MAX_HEIGHT - 1, last.substring(0, Math.min(last.length(), width - 3)) + "...");
        return cut;
    }

    /** Breaks at a space where it can, and no name; else behind what separates parts of a text, else anywhere. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        boolean noName = false;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int cut = space > 0 ? space : endOfWord(rest);
            noName = space <= 0 && (noName || cut > MAX_NAME);
            if (noName) {
                cut = cut(rest, width);
            }
            lines.add(rest.substring(0, cut));
            rest = rest.substring(cut).stripLeading();
        }
        if (!rest.isEmpty() || lines.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    private static int endOfWord(String text) {
        int space = text.indexOf(' ', 1);
        return space < 0 ? text.length() : space;
    }

    private static int cut(String text, int width) {
        for (int i = width; i > width / 2; i--) {
            if (".:/_-,".indexOf(text.charAt(i - 1)) >= 0) {
                return i;
            }
        }
        return width;
    }
}
