package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.PinUse;
import io.konnectproxy.report.Ranking;
import io.konnectproxy.report.RepeatedRequest;
import io.konnectproxy.report.ReportedTrails;
import io.konnectproxy.report.RuleUse;
import io.konnectproxy.report.Tally;
import io.konnectproxy.report.Traffic;
import io.konnectproxy.report.UserOfClient;
import io.konnectproxy.report.render.Grid.Column;
import io.konnectproxy.report.render.Grid.Row;
import io.konnectproxy.trail.event.Pin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of tables of rankings. Each ends with the sum of the keys without a row. */
final class Tables {
    /** Marks a row whose count may be too low. */
    private static final String INEXACT = " *";

    static final String CLIENT = "Client";

    private final int top;
    private final ReportedTrails trails;
    private final UserOfClient userOfClient;
    /** Left out where all its values are zero, because few proxies run in report-only mode. */
    private final boolean letThrough;

    Tables(AuditReport report) {
        this.top = report.query().top();
        this.trails = report.trails();
        this.userOfClient = report.traffic().userOfClient();
        this.letThrough = report.traffic().total().letThrough() > 0;
    }

    /** A ranking of requests and tunnels by a key. */
    Grid traffic(String what, Ranking<String> ranking) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text(what));
        columns.add(Column.numeric("Permitted"));
        columns.add(Column.numeric("Refused"));
        if (letThrough) {
            columns.add(Column.numeric("Let through"));
        }
        columns.add(Column.numeric("Tunnels"));
        columns.add(Column.numeric("Failed"));
        columns.add(Column.numeric("Up"));
        columns.add(Column.numeric("Down"));
        columns.add(Column.numeric("Open"));
        columns.add(Column.text("Proxies"));
        Ranking.Top<String> found = ranking.top(top);
        List<Row> rows = new ArrayList<>();
        found.rows().stream()
                .sorted(Comparator.comparing(row -> isPlaceholder(row.key())))
                .forEach(row -> rows.add(new Row(trafficCells(label(what, row), row.tally()), false)));
        if (found.otherKeys() > 0) {
            rows.add(new Row(trafficCells(others(found), found.others()), true));
        }
        return new Grid("Requests and tunnels by " + what.toLowerCase(java.util.Locale.ROOT), columns, rows);
    }

    /** Whether the key stands for requests without a name; such rows come last. */
    private static boolean isPlaceholder(String name) {
        return name.equals(Traffic.NONE) || name.equals(Traffic.DECISION_MISSING);
    }

    private List<Cell> trafficCells(String name, Tally tally) {
        List<Cell> cells = new ArrayList<>();
        cells.add(new Cell.Text(name));
        cells.add(new Cell.Count(tally.permitted()));
        cells.add(new Cell.Count(tally.refused()));
        if (letThrough) {
            cells.add(new Cell.Count(tally.letThrough()));
        }
        cells.add(new Cell.Count(tally.tunnels()));
        cells.add(new Cell.Count(tally.failed()));
        cells.add(new Cell.Bytes(tally.bytesUp()));
        cells.add(new Cell.Bytes(tally.bytesDown()));
        cells.add(new Cell.Hours(tally.millis()));
        cells.add(new Cell.Text(trails.names(tally).words()));
        return cells;
    }

    /** A ranking of repeated requests, each with its count. */
    Grid repeated(String caption, String result, Ranking<RepeatedRequest> ranking) {
        List<Column> columns = List.of(
                Column.text("Client"),
                Column.text("Target"),
                Column.text(result),
                Column.numeric("Times"),
                Column.numeric("First"),
                Column.numeric("Last"));
        Ranking.Top<RepeatedRequest> found = ranking.top(top);
        List<Row> rows = new ArrayList<>();
        for (Ranking.RankedRow<RepeatedRequest> row : found.rows()) {
            rows.add(Row.of(
                    new Cell.Text(row.key().client() + mark(row)),
                    new Cell.Text(row.key().target()),
                    new Cell.Text(row.key().result()),
                    new Cell.Count(row.tally().lines()),
                    Cell.Time.of(row.tally().first()),
                    Cell.Time.of(row.tally().last())));
        }
        if (found.otherKeys() > 0) {
            rows.add(new Row(
                    List.of(
                            new Cell.Text(others(found)),
                            new Cell.Text(""),
                            new Cell.Text(""),
                            new Cell.Count(found.others().lines()),
                            Cell.Time.of(found.others().first()),
                            Cell.Time.of(found.others().last())),
                    true));
        }
        return new Grid(caption, columns, rows);
    }

    /** A ranking with counts and the first and last time. */
    Grid counted(String caption, String what, Ranking<String> ranking, boolean meaning) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text(what));
        if (meaning) {
            columns.add(Column.text("Meaning"));
        }
        columns.add(Column.numeric("Times"));
        columns.add(Column.numeric("First"));
        columns.add(Column.numeric("Last"));
        Ranking.Top<String> found = ranking.top(top);
        List<Row> rows = new ArrayList<>();
        for (Ranking.RankedRow<String> row : found.rows()) {
            rows.add(new Row(
                    countedCells(name(row), meaning ? List.of(Meaning.of(row.key())) : List.of(), row.tally()), false));
        }
        if (found.otherKeys() > 0) {
            rows.add(new Row(countedCells(others(found), meaning ? List.of("") : List.of(), found.others()), true));
        }
        return new Grid(caption, columns, rows);
    }

    /** Rules by use; those that permitted nothing come last. */
    Grid used(String caption, String what, RuleUse rules) {
        List<Row> rows = new ArrayList<>();
        Ranking.Top<String> found = rules.used().top(top);
        found.rows().forEach(row -> rows.add(new Row(countedCells(name(row), List.of(), row.tally()), false)));
        if (found.otherKeys() > 0) {
            rows.add(new Row(countedCells(others(found), List.of(), found.others()), true));
        }
        rules.unused().stream()
                .limit(top)
                .forEach(rule -> rows.add(new Row(countedCells(rule, List.of(), new Tally()), false)));
        return new Grid(
                caption,
                List.of(Column.text(what), Column.numeric("Times"), Column.numeric("First"), Column.numeric("Last")),
                rows);
    }

    /** Pins by use; those that were never used come last. */
    Grid used(String caption, PinUse pins) {
        List<Row> rows = new ArrayList<>();
        pins.used().entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<Pin, Tally> pin) -> pin.getValue().lines())
                        .reversed())
                .limit(top)
                .forEach(pin -> rows.add(pinRow(pin.getKey(), pin.getValue())));
        pins.unused().entrySet().stream().limit(top).forEach(pin -> rows.add(pinRow(pin.getKey(), new Tally())));
        int left = pins.pinned() - rows.size();
        if (left > 0) {
            rows.add(new Row(
                    List.of(
                            new Cell.Text("others: " + Wording.number(left) + " more"),
                            new Cell.Count(0),
                            Cell.Time.of(Long.MIN_VALUE),
                            Cell.Time.of(Long.MIN_VALUE)),
                    true));
        }
        return new Grid(
                caption,
                List.of(Column.text("Pin"), Column.numeric("Times"), Column.numeric("First"), Column.numeric("Last")),
                rows);
    }

    private static Row pinRow(Pin pin, Tally tally) {
        return Row.of(
                new Cell.Text(pin.place().noun() + " " + pin.name()),
                new Cell.Count(tally.lines()),
                Cell.Time.of(tally.first()),
                Cell.Time.of(tally.last()));
    }

    private static List<Cell> countedCells(String name, List<String> meaning, Tally tally) {
        List<Cell> cells = new ArrayList<>();
        cells.add(new Cell.Text(name));
        meaning.forEach(words -> cells.add(new Cell.Text(words)));
        cells.add(new Cell.Count(tally.lines()));
        cells.add(Cell.Time.of(tally.first()));
        cells.add(Cell.Time.of(tally.last()));
        return cells;
    }

    /** A client has the user with it where that is unambiguous. */
    private String label(String what, Ranking.RankedRow<String> row) {
        Optional<String> user = what.equals(CLIENT) ? userOfClient.of(row.key()) : Optional.empty();
        return row.key() + user.map(name -> " (" + name + ")").orElse("") + mark(row);
    }

    private static String name(Ranking.RankedRow<String> row) {
        return row.key() + mark(row);
    }

    private static String mark(Ranking.RankedRow<?> row) {
        return row.missed() > 0 ? INEXACT : "";
    }

    private static String others(Ranking.Top<?> top) {
        return top.floor() == 0
                ? "others: " + Wording.number(top.otherKeys()) + " more"
                : "others: up to " + Wording.number(top.otherKeys()) + " more";
    }

    /** The notes about a table that dropped rows. */
    static List<Note> caution(String what, Ranking<?> ranking) {
        long floor = ranking.top(0).floor();
        return floor == 0
                ? List.of()
                : List.of(Note.warning("There were more " + what + " than a table keeps. Sums are exact. A row marked *"
                        + " may have up to " + Wording.count(floor, "line", "lines")
                        + " more, which are among the others, and none of the others has more lines than that."));
    }
}
