package io.konnectproxy.report.render;

import io.konnectproxy.report.Ranking;
import io.konnectproxy.report.Tally;
import io.konnectproxy.trail.event.ByteCount;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Bytes by control plane, the largest first, with the bytes up followed by the bytes down. The table of control planes
 * has the same figures.
 */
final class BytesChart implements Chart {
    private static final int BARS = 12;
    private static final int ROW = 40;
    private static final int TEXT = 14;
    private static final int BAR = 14;
    /** The longest name that does not overlap the figure on a phone. */
    private static final int NAME = 22;

    private final List<Bar> bars = new ArrayList<>();
    private final Tally others;
    private final long otherNames;
    private final long most;

    private record Bar(String name, Tally tally) {}

    BytesChart(Ranking<String> controlPlanes) {
        Ranking.Top<String> top = controlPlanes.top(
                BARS, Comparator.comparingLong(row -> row.tally().bytes()));
        for (Ranking.RankedRow<String> row : top.rows()) {
            if (row.tally().bytes() > 0) {
                bars.add(new Bar(row.key(), row.tally()));
            }
        }
        others = top.others();
        otherNames = top.otherKeys();
        most = bars.stream().mapToLong(bar -> bar.tally().bytes()).max().orElse(0);
    }

    boolean hasBars() {
        return most > 0;
    }

    @Override
    public boolean isIllustration() {
        return true;
    }

    @Override
    public void writeText(PrintWriter out, int width) {
        // The table of control planes has the names and figures.
    }

    @Override
    public void writeHtml(Markup html) {
        html.open("figure");
        html.open("figcaption").text("Bytes through tunnels: ");
        html.element("span", "up, to Konnect", "class", "key up");
        html.element("span", "down, from Konnect", "class", "key down");
        html.close("figcaption");
        html.open(
                "svg",
                "role",
                "img",
                "aria-labelledby",
                "bytes-chart-title bytes-chart-description",
                "width",
                "100%",
                "height",
                String.valueOf(bars.size() * ROW));
        html.element("title", "Bytes by control plane", "id", "bytes-chart-title");
        html.element("desc", description(), "id", "bytes-chart-description");
        for (int i = 0; i < bars.size(); i++) {
            bar(bars.get(i), i * ROW, html);
        }
        html.close("svg");
        if (others.bytes() > 0) {
            // The sum of hundreds has no bar, because it would make all other bars invisible.
            html.element(
                    "p",
                    "Not drawn: " + Wording.count(otherNames, "other", "others") + " with "
                            + ByteCount.text(others.bytes()) + " in all.");
        }
        html.close("figure");
    }

    private String description() {
        Bar first = bars.get(0);
        return "The most went through " + first.name() + ": "
                + ByteCount.text(first.tally().bytes()) + ". The table of control planes has all figures.";
    }

    private void bar(Bar bar, int y, Markup html) {
        double up = 100.0 * bar.tally().bytesUp() / most;
        double down = 100.0 * bar.tally().bytesDown() / most;
        String name = bar.name().length() <= NAME ? bar.name() : bar.name().substring(0, NAME - 3) + "...";
        html.open("g");
        html.element(
                "title",
                bar.name() + ": " + ByteCount.text(bar.tally().bytesUp()) + " up, "
                        + ByteCount.text(bar.tally().bytesDown()) + " down");
        html.element("text", name, "x", "0", "y", String.valueOf(y + TEXT));
        html.element(
                "text",
                ByteCount.text(bar.tally().bytes()),
                "x",
                "100%",
                "y",
                String.valueOf(y + TEXT),
                "text-anchor",
                "end");
        String top = String.valueOf(y + TEXT + 5);
        rect("up", 0, up, top, html);
        rect("down", up, down, top, html);
        html.close("g");
    }

    private static void rect(String kind, double x, double width, String y, Markup html) {
        if (width > 0) {
            html.open(
                            "rect",
                            "class",
                            kind,
                            "x",
                            Axis.number(x) + "%",
                            "width",
                            Axis.number(Math.max(0.2, width)) + "%",
                            "y",
                            y,
                            "height",
                            String.valueOf(BAR))
                    .close("rect");
        }
    }
}
