package io.konnectproxy.report.render;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table. The first column names the row. A column without a value, all of zeros, is left out.
 *
 * @param caption its subject, for screen readers
 */
record Grid(String caption, List<Column> columns, List<Row> rows) {
    Grid {
        List<Column> all = columns;
        List<Row> allRows = rows;
        int[] told = IntStream.range(0, all.size())
                .filter(column -> allRows.isEmpty()
                        || allRows.stream()
                                .anyMatch(row -> !row.cells().get(column).isNothing()))
                .toArray();
        columns = Arrays.stream(told).mapToObj(all::get).toList();
        rows = allRows.stream()
                .map(row ->
                        new Row(Arrays.stream(told).mapToObj(row.cells()::get).toList(), row.others()))
                .toList();
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
