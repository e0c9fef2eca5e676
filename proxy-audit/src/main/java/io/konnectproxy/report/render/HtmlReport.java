package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.trail.event.Micros;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as one page without scripts and without external resources. */
final class HtmlReport {
    private final AuditReport report;
    private final Markup html;
    private final Overview overview;
    private final Attention attention;
    private final Contents contents;

    private HtmlReport(AuditReport report, Markup html) {
        this.report = report;
        this.html = html;
        this.overview = new Overview(report);
        this.attention = new Attention(report);
        this.contents = new Contents(report);
    }

    static void write(AuditReport report, PrintWriter out) {
        new HtmlReport(report, new Markup(out)).write();
    }

    private void write() {
        html.raw("<!DOCTYPE html>\n");
        html.open("html", "lang", "en");
        head();
        html.open("body").open("main");
        front();
        List<ReportSection> rest = Stream.concat(attention.all().stream(), contents.rest().stream())
                .toList();
        contents(rest);
        rest.forEach(this::section);
        html.close("main").close("body").close("html");
    }

    private void head() {
        String style = StyleSheet.text();
        html.open("head");
        html.open("meta", "charset", "utf-8");
        html.open("meta", "http-equiv", "Content-Security-Policy", "content", StyleSheet.securityPolicy(style));
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.open("meta", "name", "referrer", "content", "no-referrer");
        html.open("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", "Audit report, " + overview.period());
        html.open("style");
        html.raw(style);
        html.close("style").close("head");
    }

    /** The page for somebody who has five minutes. It is printed on a sheet of its own. */
    private void front() {
        html.open("div", "class", "front");
        html.open("header");
        html.element("h1", "Audit report");
        html.element("p", overview.period(), "class", "period");
        List<Note> source = overview.source();
        String plain = source.stream()
                .filter(note -> note.tone() == Note.Tone.PLAIN)
                .map(Note::text)
                .collect(Collectors.joining(" "));
        html.element(
                "p",
                "Konnect egress proxy. Made "
                        + Wording.time(Micros.of(report.query().now())) + " UTC. " + plain,
                "class",
                "source");
        source.stream().filter(note -> note.tone() != Note.Tone.PLAIN).forEach(this::note);
        html.close("header");
        attention.writeHtml(html);
        new IntegrityStatement(report).writeHtml(html);
        html.open("dl", "class", "figures");
        overview.figures().forEach((name, figure) -> {
            html.open("div").element("dt", name).element("dd", figure).close("div");
        });
        html.close("dl");
        contents.front().forEach(this::section);
        html.close("div");
    }

    private void contents(List<ReportSection> rest) {
        html.open("nav", "aria-label", "Contents").open("ul");
        for (ReportSection section : rest) {
            if (!section.isIllustration()) {
                link(section.id(), section.title());
            }
        }
        html.close("ul").close("nav");
    }

    private void link(String id, String title) {
        html.open("li").element("a", title, "href", "#" + id).close("li");
    }

    private void section(ReportSection section) {
        html.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
        html.element("h2", section.title(), "id", section.id() + "-title");
        section.notes().forEach(this::note);
        for (Grid grid : section.grids()) {
            HtmlTable.write(grid, html);
        }
        section.chart().ifPresent(chart -> chart.writeHtml(html));
        html.close("section");
    }

    private void note(Note note) {
        switch (note.tone()) {
            case PLAIN -> html.element("p", note.text());
            // A sign marks a warning, not only the colour.
            case GOOD -> html.element("p", note.text(), "class", "good");
            case WARNING -> html.element("p", note.text(), "class", "warning");
        }
    }
}
