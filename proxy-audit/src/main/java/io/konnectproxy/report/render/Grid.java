package io.konnectproxy.report.render;

import java.util.Arrays;
import java.util.List;

/**
 * A table. The first column names the row.
 *
 * @param caption its subject, for screen readers
 */
record Grid(String caption, List<Column> columns, List<Row> rows) {
    Grid {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * @param numeric whether it is aligned to the right
     */
    record Column(String title, boolean numeric) {
        static Column text(String title) {
            return new Column(title, false);
        }

        static Column numeric(String title) {
            return new Column(title, true);
        }
    }

    /**
     * @param others whether it is the sum of all entries without a row
     */
    record Row(List<Cell> cells, boolean others) {
        Row {
            cells = List.copyOf(cells);
        }

        static Row of(Cell... cells) {
            return new Row(Arrays.asList(cells), false);
        }
    }
}
