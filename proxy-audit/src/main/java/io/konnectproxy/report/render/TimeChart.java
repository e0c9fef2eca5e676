package io.konnectproxy.report.render;

import io.konnectproxy.report.Tally;
import io.konnectproxy.report.TimeLine;
import io.konnectproxy.report.render.Grid.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests over time: permitted ones are above the base line, refused ones below it, so that they differ by more than
 * their colour. Widths are percentages and texts are not scaled, so that it is readable at any width.
 */
final class TimeChart implements Chart {
    private static final int TOP = 20;
    private static final int PLOT = 120;
    private static final int LABELS = 24;
    /** With fewer buckets than this, bars have a fixed width, because otherwise they would be very wide. */
    private static final int FEW = 12;

    private static final int WIDE_BAR = 36;
    private static final int GRID_LINES = 4;
    private static final int MUCH_MORE = 5;
    /** The share of the height for permitted requests. */
    private static final double OWN_SHARE = 0.6;

    private static final int TICKS = 8;

    private final TimeLine.Series line;
    private final List<TimeLine.Bucket> buckets;
    private final long up;
    private final long down;
    private final double scaleUp;
    private final double scaleDown;
    private final double base;

    TimeChart(TimeLine.Series line) {
        this.line = line;
        this.buckets = line.buckets();
        this.up = buckets.stream()
                .mapToLong(bucket -> bucket.tally().permitted())
                .max()
                .orElse(0);
        this.down = buckets.stream().mapToLong(TimeChart::below).max().orElse(0);
        double above = up + down == 0 ? 1 : ownScales() ? OWN_SHARE : (double) up / (up + down);
        this.base = TOP + PLOT * above;
        this.scaleUp = up == 0 ? 0 : PLOT * above / up;
        this.scaleDown = down == 0 ? 0 : PLOT * (1 - above) / down;
    }

    /**
     * If one kind is far more frequent, the other would be invisible; then each has its own scale, which the chart
     * states.
     */
    private boolean ownScales() {
        return up > 0 && down > 0 && (up / down >= MUCH_MORE || down / up >= MUCH_MORE);
    }

    private static long below(TimeLine.Bucket bucket) {
        return bucket.tally().refused() + bucket.tally().letThrough();
    }

    @Override
    public void writeText(PrintWriter out, int width) {
        new TextTimeChart(line).write(out, width);
    }

    @Override
    public boolean isIllustration() {
        return false;
    }

    @Override
    public void writeHtml(Markup html) {
        html.open("figure");
        html.open("figcaption").text("Requests in each " + stretch() + " (UTC): ");
        html.element("span", "permitted, above the line", "class", "key permitted");
        html.element("span", "refused, below the line", "class", "key refused");
        if (buckets.stream().anyMatch(bucket -> bucket.tally().letThrough() > 0)) {
            html.element("span", "refused and let through, below the line", "class", "key let-through");
        }
        if (ownScales()) {
            html.text("Above and below the line, scales differ.");
        }
        html.close("figcaption");
        html.open(
                "svg",
                "class",
                "time",
                "role",
                "img",
                "aria-labelledby",
                "time-chart-title time-chart-description",
                "width",
                "100%",
                "height",
                String.valueOf(TOP + PLOT + LABELS));
        html.element("title", "Requests permitted and refused over time", "id", "time-chart-title");
        html.element("desc", description(), "id", "time-chart-description");
        List<Level> levels = levels();
        levels.forEach(level -> across("grid", level.y(), html));
        for (int i = 0; i < buckets.size(); i++) {
            bars(i, html);
        }
        across("base", base, html);
        // In the margin of the style sheet.
        levels.forEach(level -> html.element(
                "text",
                Axis.value(level.value()),
                "class",
                "value",
                "x",
                "-6",
                "y",
                Axis.number(level.y() + 4),
                "text-anchor",
                "end"));
        labels(html);
        html.close("svg");
        html.close("figure");
        figures(html);
    }

    private String stretch() {
        String span = Wording.span(line.width());
        return span.startsWith("1 ") ? span.substring(2) : span;
    }

    private String description() {
        if (up + down == 0) {
            return "No requests.";
        }
        return "At most " + Wording.number(up) + " permitted and " + Wording.number(down) + " refused in one "
                + Wording.span(line.width()) + ", from "
                + Wording.minute(buckets.get(0).from()) + " on. The table"
                + " below has all figures.";
    }

    /** A line across the chart, with its value. */
    private record Level(long value, double y) {}

    private List<Level> levels() {
        List<Level> levels = new ArrayList<>();
        long stepUp = Axis.step(ownScales() ? up : up + down, GRID_LINES);
        for (long value = stepUp; value <= up; value += stepUp) {
            levels.add(new Level(value, base - value * scaleUp));
        }
        long stepDown = ownScales() ? Axis.step(down, GRID_LINES / 2) : stepUp;
        for (long value = stepDown; value <= down; value += stepDown) {
            levels.add(new Level(value, base + value * scaleDown));
        }
        return levels;
    }

    private static void across(String kind, double y, Markup html) {
        html.open("line", "class", kind, "x1", "0", "x2", "100%", "y1", Axis.number(y), "y2", Axis.number(y))
                .close("line");
    }

    private void bars(int index, Markup html) {
        TimeLine.Bucket bucket = buckets.get(index);
        Tally tally = bucket.tally();
        if (tally.decisions() == 0) {
            return;
        }
        html.open("g");
        html.element(
                "title",
                Wording.minute(bucket.from()) + ": " + Wording.number(tally.permitted()) + " permitted, "
                        + Wording.number(tally.refused()) + " refused"
                        + (tally.letThrough() > 0
                                ? ", " + Wording.number(tally.letThrough()) + " refused and let through"
                                : ""));
        double height = height(tally.permitted(), scaleUp);
        bar("permitted", index, base - height, height, html);
        double refused = height(tally.refused(), scaleDown);
        bar("refused", index, base, refused, html);
        bar("let-through", index, base + refused, height(tally.letThrough(), scaleDown), html);
        html.close("g");
    }

    /** A value above 0 is always visible, however small it is. */
    private static double height(long value, double scale) {
        return value == 0 ? 0 : Math.max(1.5, value * scale);
    }

    private void bar(String kind, int index, double y, double height, Markup html) {
        if (height == 0) {
            return;
        }
        double slot = 100.0 / buckets.size();
        if (buckets.size() < FEW) {
            html.open(
                    "rect",
                    "class",
                    kind,
                    "x",
                    Axis.number((index + 0.5) * slot) + "%",
                    "transform",
                    "translate(-" + WIDE_BAR / 2 + " 0)",
                    "width",
                    String.valueOf(WIDE_BAR),
                    "y",
                    Axis.number(y),
                    "height",
                    Axis.number(height));
        } else {
            html.open(
                    "rect",
                    "class",
                    kind,
                    "x",
                    Axis.number((index + 0.1) * slot) + "%",
                    "width",
                    Axis.number(0.8 * slot) + "%",
                    "y",
                    Axis.number(y),
                    "height",
                    Axis.number(height));
        }
        html.close("rect");
    }

    private void labels(Markup html) {
        List<Axis.Label> labels = Axis.labels(buckets, TICKS);
        for (int i = 0; i < labels.size(); i++) {
            Axis.Label label = labels.get(i);
            double at = (label.bucket() + 0.5) * 100.0 / buckets.size();
            String anchor = at < 8 ? "start" : at > 92 ? "end" : "middle";
            // On a phone there is room for every second label only.
            String kind = i % 2 == 0 ? "tick" : "tick wide";
            html.element(
                    "text",
                    label.text(),
                    "class",
                    kind,
                    "x",
                    Axis.number(at) + "%",
                    "y",
                    String.valueOf(TOP + PLOT + LABELS - 6),
                    "text-anchor",
                    anchor);
        }
    }

    /** The chart as a table, for screen readers and for exact values. */
    private void figures(Markup html) {
        List<Column> columns = List.of(
                Column.text("From"),
                Column.numeric("Permitted"),
                Column.numeric("Refused"),
                Column.numeric("Let through"));
        List<Grid.Row> rows = new ArrayList<>();
        for (TimeLine.Bucket bucket : buckets) {
            rows.add(Grid.Row.of(
                    new Cell.Text(Wording.minute(bucket.from())),
                    new Cell.Count(bucket.tally().permitted()),
                    new Cell.Count(bucket.tally().refused()),
                    new Cell.Count(bucket.tally().letThrough())));
        }
        html.open("details").element("summary", "The figures of this chart");
        HtmlTable.write(new Grid("Requests in each " + stretch(), columns, rows), html);
        html.close("details");
    }
}
