package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.History;
import io.konnectproxy.report.PolicyChange;
import io.konnectproxy.report.render.Grid.Column;
import io.konnectproxy.report.render.Grid.Row;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.TrailEvent.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sections about configurations and about runs of the proxy. */
final class Chronicle {
    /** The list of hosts is left out, because it is long and follows from the other keys. */
    private static final int SHOWN_VALUES = 40;

    private Chronicle() {}

    static List<ReportSection> sections(AuditReport report) {
        return List.of(configurations(report), runs(report));
    }

    private static ReportSection configurations(AuditReport report) {
        List<History.ConfigurationPeriod> configurations = report.history().configurations();
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        refusedReloads(report.history(), notes, grids);
        if (configurations.isEmpty()) {
            notes.add(Note.warning("The lines do not say which configuration was in force."));
            return new ReportSection("configuration", "Configuration", notes, grids);
        }
        if (report.history().earlierConfigurations() > 0) {
            notes.add(Note.warning(Wording.number(report.history().earlierConfigurations())
                    + " configurations before these are left out."));
        }
        if (report.history().reloads() > 0) {
            notes.add(Note.plain("Reloaded " + Wording.count(report.history().reloads(), "time", "times") + "."));
        }
        boolean several = report.trails().areSeveral();
        // Of several proxies each has one that was the first; they stand with the proxies.
        List<History.ConfigurationPeriod> shown = configurations.stream()
                .filter(configuration -> !several || configuration.before().isPresent())
                .toList();
        if (several) {
            notes.add(Note.plain(
                    shown.isEmpty()
                            ? "No proxy changed its configuration."
                            : Wording.count(shown.size(), "change", "changes") + " of the configuration of a proxy."));
        } else {
            notes.add(Note.plain(
                    configurations.size() == 1
                            ? "One configuration was in force all the time."
                            : Wording.number(configurations.size())
                                    + " configurations were in force, one after the other."));
        }
        if (!shown.isEmpty()) {
            grids.add(new Grid(
                    "Configurations",
                    List.of(
                            Column.text("Proxy"),
                            Column.text("In force from"),
                            Column.text("At"),
                            Column.text("Digest"),
                            Column.text("What changed"),
                            Column.numeric("Permitted"),
                            Column.numeric("Refused")),
                    shown.stream().map(Chronicle::row).toList()));
        }
        grids.add(values(
                several
                        ? "The last configuration, of "
                                + configurations.get(configurations.size() - 1).proxy()
                        : "The last configuration",
                configurations.get(configurations.size() - 1).policy()));
        return new ReportSection("configuration", "Configuration", notes, grids);
    }

    private static void refusedReloads(History history, List<Note> notes, List<Grid> grids) {
        List<TrailEvent.ReloadRefused> last = history.lastRefusedReloads();
        if (last.isEmpty()) {
            return;
        }
        notes.add(Note.warning("A changed configuration was refused "
                + Wording.count(history.refusedReloads(), "time", "times") + ", and the old one stayed in force."));
        grids.add(new Grid(
                history.refusedReloads() > last.size()
                        ? "The last " + last.size() + " refused configurations"
                        : "Refused configurations",
                List.of(Column.text("Refused at"), Column.text("Problems")),
                last.stream()
                        .map(refused -> Row.of(Cell.Time.of(refused.time()), new Cell.Text(refused.words())))
                        .toList()));
    }

    private static Row row(History.ConfigurationPeriod configuration) {
        String digest = configuration
                .policy()
                .configurationDigest()
                .orElse(configuration.policy().digest());
        return Row.of(
                new Cell.Text(configuration.proxy()),
                Cell.Time.of(configuration.policy().time()),
                new Cell.Text(configuration.policy().occasion()),
                new Cell.Text(digest.substring(0, Math.min(12, digest.length()))),
                new Cell.Text(changes(configuration)),
                new Cell.Count(configuration.tally().permitted()),
                new Cell.Count(
                        configuration.tally().refused() + configuration.tally().letThrough()));
    }

    private static String changes(History.ConfigurationPeriod configuration) {
        if (configuration.before().isEmpty()) {
            return "(the first one that was read)";
        }
        List<String> words = new ArrayList<>();
        for (PolicyChange change : PolicyChange.between(configuration.before().get(), configuration.policy())) {
            List<String> sides = new ArrayList<>();
            if (!change.added().isEmpty()) {
                sides.add("added " + shown(change.added()));
            }
            if (!change.removed().isEmpty()) {
                sides.add("removed " + shown(change.removed()));
            }
            words.add(change.key() + ": " + String.join(", ", sides));
        }
        return words.isEmpty() ? "(nothing of what is permitted)" : String.join("; ", words);
    }

    private static Grid values(String caption, Policy policy) {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : new TreeMap<>(policy.values()).entrySet()) {
            rows.add(Row.of(
                    new Cell.Text(entry.getKey()),
                    new Cell.Text(entry.getValue().isEmpty() ? "-" : shown(entry.getValue()))));
        }
        return new Grid(caption, List.of(Column.text("Key"), Column.text("Value")), rows);
    }

    private static String shown(List<String> values) {
        return values.size() <= SHOWN_VALUES
                ? String.join(", ", values)
                : String.join(", ", values.subList(0, SHOWN_VALUES)) + " and "
                        + Wording.number(values.size() - SHOWN_VALUES) + " more";
    }

    private static ReportSection runs(AuditReport report) {
        History history = report.history();
        List<Note> notes = new ArrayList<>();
        notes.add(Note.plain("In the period: " + Wording.count(history.starts(), "start", "starts") + ", "
                + Wording.count(history.drains(), "drain", "drains") + ", "
                + Wording.count(history.stops(), "stop", "stops") + "."));
        history.lastFailure()
                .ifPresent(failure -> notes.add(Note.warning(
                        "The proxy could not start " + Wording.count(history.failedStarts(), "time", "times")
                                + ", the last time at " + Wording.time(failure.time()) + ": " + failure.reason())));
        if (history.earlierRuns() > 0) {
            notes.add(Note.warning(Wording.number(history.earlierRuns()) + " runs before these are left out."));
        }
        if (history.runs().isEmpty()) {
            return new ReportSection("runs", "Runs of the proxy", notes, List.of());
        }
        Grid grid = new Grid(
                "Runs of the proxy",
                List.of(
                        Column.text("Proxy"),
                        Column.text("Started"),
                        Column.text("Version"),
                        Column.text("Drained"),
                        Column.text("Ended")),
                history.runs().stream().map(Chronicle::row).toList());
        return new ReportSection("runs", "Runs of the proxy", notes, List.of(grid));
    }

    private static Row row(History.Run run) {
        String ended = run.stop()
                .map(Wording::time)
                .orElse(run.crashed() ? "without a stop line" : "still running at the last line");
        return Row.of(
                new Cell.Text(run.proxy()),
                new Cell.Text(
                        run.start().map(start -> Wording.time(start.time())).orElse("before the first line")),
                new Cell.Text(run.start().flatMap(TrailEvent.Start::version).orElse("-")),
                new Cell.Text(run.drain().map(Wording::time).orElse("-")),
                new Cell.Text(ended));
    }
}
