package io.konnectproxy.report.render;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of the page. Each field carries its column's title for narrow screens, where a row becomes a card; the roles
 * keep it a table for screen readers.
 */
final class HtmlTable {
    /** The longest name that is never broken: every host of Konnect is shorter, and what a client makes up need not be. */
    private static final int LONGEST_NAME = 64;

    /** A word of this length may be broken anywhere, because it would make a column too wide. */
    private static final Pattern LONG_WORD = Pattern.compile("[^ ]{" + (LONGEST_NAME + 1) + "}");

    /** The longest text that fits beside others on a phone, such as a token, an address or a control plane. */
    private static final int SHORT_LENGTH = 26;

    private static final String SHORT = "short";
    private static final String NAME = "name";
    private static final String SENTENCE = "text";
    private static final String LONG = "text long";

    private HtmlTable() {}

    static void write(Grid grid, Markup html) {
        html.open("table", "role", "table");
        html.element("caption", grid.caption());
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        for (Grid.Column column : grid.columns()) {
            html.element("th", column.title(), attributes("columnheader", "col", column));
        }
        html.close("tr").close("thead").open("tbody", "role", "rowgroup");
        for (Grid.Row row : grid.rows()) {
            row(grid.columns(), row, html);
        }
        html.close("tbody").close("table");
    }

    private static String[] attributes(String role, String scope, Grid.Column column) {
        return column.numeric()
                ? new String[] {"role", role, "scope", scope, "class", "number"}
                : new String[] {"role", role, "scope", scope};
    }

    private static void row(List<Grid.Column> columns, Grid.Row row, Markup html) {
        if (row.others()) {
            html.open("tr", "role", "row", "class", "others");
        } else {
            html.open("tr", "role", "row");
        }
        for (int i = 0; i < columns.size(); i++) {
            Grid.Column column = columns.get(i);
            Cell cell = row.cells().get(i);
            String kind = kind(column, cell);
            String tag = i == 0 ? "th" : "td";
            if (i == 0) {
                html.open(tag, "role", "rowheader", "scope", "row", "class", kind);
            } else {
                html.open(tag, "role", "cell", "data-title", column.title(), "class", kind);
            }
            html.text(cell.words());
            html.close(tag);
        }
        html.close("tr");
    }

    private static String kind(Grid.Column column, Cell cell) {
        if (cell instanceof Cell.Time) {
            return "time";
        }
        if (!column.numeric()) {
            return kind(cell.words());
        }
        // Zeros are less visible, so that the other values of a row stand out.
        return cell.isNothing() ? "number nothing" : "number";
    }

    private static String kind(String words) {
        if (words.length() <= SHORT_LENGTH) {
            return SHORT;
        }
        if (LONG_WORD.matcher(words).find()) {
            return LONG;
        }
        return words.indexOf(' ') < 0 ? NAME : SENTENCE;
    }
}
