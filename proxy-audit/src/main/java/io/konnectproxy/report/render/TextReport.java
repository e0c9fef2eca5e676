package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The report as plain text. */
final class TextReport {
    private static final int WIDTH = 80;

    private TextReport() {}

    static void write(AuditReport report, PrintWriter out) {
        Overview overview = new Overview(report);
        out.println("AUDIT REPORT");
        out.println("Period: " + overview.period());
        overview.source().forEach(note -> paragraph(note, out));
        out.println();
        Attention attention = new Attention(report);
        attention.writeText(out, WIDTH);
        out.println();
        new IntegrityStatement(report).writeText(out, WIDTH);
        out.println();
        overview.figures().forEach((name, figure) -> out.println(padded(name, 26) + figure));
        Contents contents = new Contents(report);
        Stream.of(contents.front(), attention.all(), contents.rest())
                .flatMap(List::stream)
                .filter(section -> !section.isIllustration())
                .forEach(section -> section(section, out));
    }

    private static String padded(String name, int width) {
        return name + " ".repeat(Math.max(1, width - name.length()));
    }

    private static void section(ReportSection section, PrintWriter out) {
        out.println();
        out.println(section.title().toUpperCase(Locale.ROOT));
        section.notes().forEach(note -> paragraph(note, out));
        for (Grid grid : section.grids()) {
            out.println();
            if (!grid.caption().equals(section.title())) {
                TextTable.wrap(grid.caption() + ":", WIDTH).forEach(out::println);
            }
            new TextTable(grid, WIDTH).write(out);
        }
        section.chart().ifPresent(chart -> chart.writeText(out, WIDTH));
    }

    private static void paragraph(Note note, PrintWriter out) {
        String text = note.tone() == Note.Tone.WARNING ? "! " + note.text() : note.text();
        TextTable.wrap(text, WIDTH).forEach(out::println);
    }
}
