package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.FindingGroup;
import io.konnectproxy.report.ReportFinding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What needs attention, at the beginning of a report: the worst kind first, and of each kind the first findings. */
final class Attention {
    static final String TITLE = "Needs attention";

    /** More would not leave room for the rest of the page. */
    private static final int SHOWN = 2;

    private static final String NOTHING = "Nothing needs attention.";
    private static final String UNKNOWN =
            "No line is from this period, so nobody knows whether anything needs attention.";
    private static final String INDENT = "    ";
    private static final String NO_DAY = "-";

    private final List<FindingGroup> groups;
    private final boolean known;
    /** The date that all times have, if the report is about one day. */
    private final String day;

    Attention(AuditReport report) {
        this.groups = report.findings();
        this.known = report.input().within() > 0;
        this.day = report.from()
                .map(Wording::day)
                .filter(from -> report.until().map(Wording::day).equals(Optional.of(from)))
                .orElse(NO_DAY);
    }

    /** {@code 26 times, 2026-11-21 14:00:00 to 14:26:00}; without the date in a report about one day. */
    private String when(ReportFinding finding) {
        List<String> parts = new ArrayList<>();
        if (finding.times() > 1) {
            parts.add(Wording.count(finding.times(), "time", "times"));
        }
        finding.first()
                .map(first -> Wording.stretch(first, finding.last().orElse(first)))
                .ifPresent(
                        stretch -> parts.add((finding.times() == 0 ? "since " : "") + stretch.replace(day + " ", "")));
        return String.join(", ", parts);
    }

    /** {@code 10.0.0.7 (dp-a): 169.254.169.254:443}. */
    private static String subject(ReportFinding finding) {
        return finding.who().map(who -> who + ": ").orElse("") + finding.what();
    }

    private String rest(ReportFinding finding) {
        String when = when(finding);
        return finding.detail() + at(finding) + (when.isEmpty() ? "" : "; " + when);
    }

    /** {@code , at edge-1, edge-2 and 3 more}; nothing where it is about the proxy itself. */
    private static String at(ReportFinding finding) {
        boolean isItself = finding.who()
                .map(who -> finding.proxies().first().equals(List.of(who)))
                .orElse(false);
        return isItself || finding.proxies().all() == 0
                ? ""
                : ", at " + finding.proxies().words();
    }

    private static List<ReportFinding> shown(FindingGroup group) {
        return group.listed().subList(0, Math.min(SHOWN, group.listed().size()));
    }

    private static boolean isSameAdvice(List<ReportFinding> findings) {
        return findings.stream().map(ReportFinding::advice).distinct().count() == 1;
    }

    private static String title(FindingGroup group) {
        return group.kind().title() + (group.all() > 1 ? " (" + Wording.number(group.all()) + ")" : "");
    }

    void writeText(PrintWriter out, int width) {
        out.println(TITLE.toUpperCase(Locale.ROOT));
        if (groups.isEmpty()) {
            out.println(known ? NOTHING : UNKNOWN);
        }
        int number = 0;
        for (FindingGroup group : groups) {
            number++;
            hanging(String.format("%2d. ", number), title(group), out, width);
            List<ReportFinding> shown = shown(group);
            boolean once = isSameAdvice(shown);
            for (ReportFinding finding : shown) {
                hanging(INDENT, subject(finding), out, width);
                hanging(INDENT + "  ", rest(finding), out, width);
                if (!once) {
                    hanging(INDENT + "  To do: ", finding.advice(), out, width);
                }
            }
            if (group.all() > shown.size()) {
                out.println(
                        INDENT + "and " + Wording.number(group.all() - shown.size()) + " more, under 'All findings'.");
            }
            if (once) {
                hanging(INDENT + "To do: ", shown.get(0).advice(), out, width);
            }
        }
    }

    /** A paragraph whose further lines begin where its text begins. */
    static void hanging(String begin, String text, PrintWriter out, int width) {
        String lead = begin;
        for (String line : TextTable.wrap(text, width - begin.length())) {
            out.println((lead + line).stripTrailing());
            lead = " ".repeat(begin.length());
        }
    }

    void writeHtml(Markup html) {
        html.open("section", "id", "attention", "aria-labelledby", "attention-title");
        html.element("h2", TITLE, "id", "attention-title");
        if (groups.isEmpty()) {
            html.element("p", known ? NOTHING : UNKNOWN, "class", known ? "good" : "warning");
        } else {
            html.open("ol", "class", "findings");
            groups.forEach(group -> write(group, html));
            html.close("ol");
        }
        html.close("section");
    }

    private void write(FindingGroup group, Markup html) {
        html.open("li");
        html.element("h3", title(group));
        List<ReportFinding> shown = shown(group);
        boolean once = isSameAdvice(shown);
        html.open("ul");
        for (ReportFinding finding : shown) {
            html.open("li");
            finding.who()
                    .ifPresent(who -> html.element("b", who, "class", "name").text(" "));
            html.element("span", finding.what(), "class", "name");
            html.element("span", rest(finding), "class", "rest");
            if (!once) {
                html.element("span", finding.advice(), "class", "advice");
            }
            html.close("li");
        }
        html.close("ul");
        if (once) {
            html.element("p", shown.get(0).advice(), "class", "advice");
        }
        if (group.all() > shown.size()) {
            html.open("p").element("a", Wording.number(group.all() - shown.size()) + " more", "href", "#all-findings");
            html.close("p");
        }
        html.close("li");
    }

    /** The section with everything that does not fit on the first page; empty where everything does. */
    List<ReportSection> all() {
        List<Grid> grids = groups.stream()
                .filter(group -> group.all() > SHOWN)
                .map(Attention::grid)
                .toList();
        if (grids.isEmpty()) {
            return List.of();
        }
        return List.of(new ReportSection("all-findings", "All findings", List.of(), grids));
    }

    private static Grid grid(FindingGroup group) {
        List<Grid.Row> rows = new ArrayList<>();
        for (ReportFinding finding : group.listed()) {
            rows.add(Grid.Row.of(
                    new Cell.Text(finding.who().orElse("")),
                    new Cell.Text(finding.what()),
                    new Cell.Text(finding.detail()),
                    new Cell.Text(finding.proxies().words()),
                    new Cell.Count(finding.times()),
                    new Cell.Time(finding.first()),
                    new Cell.Time(finding.last())));
        }
        if (group.all() > group.listed().size()) {
            rows.add(new Grid.Row(
                    List.of(
                            new Cell.Text("others: "
                                    + Wording.number(
                                            group.all() - group.listed().size()) + " more"),
                            new Cell.Text(""),
                            new Cell.Text(""),
                            new Cell.Text(""),
                            new Cell.Count(group.times()
                                    - group.listed().stream()
                                            .mapToLong(ReportFinding::times)
                                            .sum()),
                            Cell.Time.of(Long.MIN_VALUE),
                            Cell.Time.of(Long.MIN_VALUE)),
                    true));
        }
        return new Grid(
                group.kind().title(),
                List.of(
                        Grid.Column.text("Who"),
                        Grid.Column.text("What"),
                        Grid.Column.text("Detail"),
                        Grid.Column.text("At"),
                        Grid.Column.numeric("Times"),
                        Grid.Column.numeric("First"),
                        Grid.Column.numeric("Last")),
                rows);
    }
}
