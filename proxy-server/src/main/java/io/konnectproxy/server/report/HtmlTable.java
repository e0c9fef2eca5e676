package io.konnectproxy.server.report;

import java.util.List;

/**
 * A table of the page. Each field carries its column's title for narrow screens, where a row becomes a card; the roles keep it
 * a table then for those who listen.
 */
final class HtmlTable {
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
            if (i == 0) {
                html.element("th", cell.words(), attributes("rowheader", "row", column));
            } else {
                html.element(
                        "td", cell.words(), "role", "cell", "data-title", column.title(), "class", kind(column, cell));
            }
        }
        html.close("tr");
    }

    private static String kind(Grid.Column column, Cell cell) {
        if (cell instanceof Cell.Time) {
            return "time";
        }
        return column.numeric() ? "number" : "text";
    }
}
