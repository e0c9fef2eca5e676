package io.konnectproxy.report.render;

import io.konnectproxy.report.TimeLine;
import io.konnectproxy.report.render.Grid.Column;
import java.io.PrintWriter;
import java.util.List;

/** Requests over time as bars of characters, with one row for each bucket. */
final class TextTimeChart {
    private static final int BAR = 40;
    private static final int ROWS = 24;

    private final TimeLine.Series series;
    private final long most;

    TextTimeChart(TimeLine.Series series) {
        this.series = series.coarsened(ROWS);
        this.most = this.series.buckets().stream()
                .mapToLong(bucket -> bucket.tally().decisions())
                .max()
                .orElse(0);
    }

    void write(PrintWriter out, int width) {
        if (most == 0) {
            out.println("No requests.");
            return;
        }
        List<Column> columns =
                List.of(Column.text("From"), Column.numeric("Permitted"), Column.numeric("Refused"), Column.text(""));
        List<Grid.Row> rows = series.buckets().stream().map(this::row).toList();
        out.println("Requests, " + Wording.span(series.width()) + " a row: # permitted, x refused.");
        out.println();
        new TextTable(new Grid("Requests over time", columns, rows), width).write(out);
    }

    private Grid.Row row(TimeLine.Bucket bucket) {
        long permitted = bucket.tally().permitted();
        long refused = bucket.tally().refused() + bucket.tally().letThrough();
        return Grid.Row.of(
                new Cell.Text(Wording.minute(bucket.from())),
                new Cell.Count(permitted),
                new Cell.Count(refused),
                new Cell.Text("#".repeat(scaled(permitted)) + "x".repeat(scaled(refused))));
    }

    /** A value above 0 has at least one character. */
    private int scaled(long value) {
        return most == 0 || value == 0 ? 0 : (int) Math.max(1, Math.round((double) value * BAR / most));
    }
}
