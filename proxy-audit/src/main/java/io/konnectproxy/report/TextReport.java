package io.konnectproxy.report;

import io.konnectproxy.report.Grid.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The report as plain text. */
final class TextReport {
    private static final int WIDTH = 100;
    private static final int BAR = 50;
    /** Rows of the time line. */
    private static final int ROWS = 24;

    private TextReport() {}

    static void write(AuditReport report, PrintWriter out) {
        Overview overview = new Overview(report);
        out.println("AUDIT REPORT");
        out.println("Period: " + overview.period());
        overview.source().forEach(note -> paragraph(note, out));
        out.println();
        overview.figures().forEach((name, figure) -> out.println(padded(name, 26) + figure));
        List<ReportSection> sections = Contents.of(report);
        for (ReportSection section : sections) {
            section(section, out);
            if (section.id().equals("completeness")) {
                timeLine(report, overview, out);
            }
        }
    }

    private static String padded(String name, int width) {
        return name + " ".repeat(Math.max(1, width - name.length()));
    }

    private static void section(ReportSection section, PrintWriter out) {
        out.println();
        out.println(section.title().toUpperCase(java.util.Locale.ROOT));
        section.notes().forEach(note -> paragraph(note, out));
        for (Grid grid : section.grids()) {
            out.println();
            if (section.grids().size() > 1) {
                TextTable.wrap(grid.caption() + ":", WIDTH).forEach(out::println);
            }
            new TextTable(grid, WIDTH).write(out);
        }
    }

    private static void paragraph(Note note, PrintWriter out) {
        String text = note.tone() == Note.Tone.WARNING ? "! " + note.text() : note.text();
        TextTable.wrap(text, WIDTH).forEach(out::println);
    }

    private static void timeLine(AuditReport report, Overview overview, PrintWriter out) {
        if (overview.from().isEmpty() || overview.until().isEmpty()) {
            return;
        }
        TimeLine.Series line = report.traffic()
                .timeLine()
                .over(overview.from().get(), overview.until().get());
        int step = (line.buckets().size() + ROWS - 1) / ROWS;
        List<TimeLine.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < line.buckets().size(); i += step) {
            Tally sum = new Tally();
            line.buckets()
                    .subList(i, Math.min(i + step, line.buckets().size()))
                    .forEach(bucket -> sum.add(bucket.tally()));
            buckets.add(new TimeLine.Bucket(line.buckets().get(i).from(), sum));
        }
        long most = buckets.stream()
                .mapToLong(bucket -> bucket.tally().decisions())
                .max()
                .orElse(0);
        List<Grid.Row> rows = buckets.stream().map(bucket -> row(bucket, most)).toList();
        List<Column> columns =
                List.of(Column.text("From"), Column.numeric("Permitted"), Column.numeric("Refused"), Column.text(""));
        out.println();
        out.println("TIME LINE");
        out.println("Requests, " + Wording.span(line.width() * step) + " a row: # permitted, x refused.");
        out.println();
        new TextTable(new Grid("Requests over time", columns, rows), WIDTH).write(out);
    }

    private static Grid.Row row(TimeLine.Bucket bucket, long most) {
        long permitted = bucket.tally().permitted();
        long refused = bucket.tally().refused() + bucket.tally().letThrough();
        return Grid.Row.of(
                new Cell.Text(Wording.minute(bucket.from())),
                new Cell.Count(permitted),
                new Cell.Count(refused),
                new Cell.Text("#".repeat(scaled(permitted, most)) + "x".repeat(scaled(refused, most))));
    }

    /** What is there shows, however little it is. */
    private static int scaled(long value, long most) {
        return most == 0 || value == 0 ? 0 : (int) Math.max(1, Math.round((double) value * BAR / most));
    }
}
