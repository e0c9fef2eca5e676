package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.ReportedProxy;
import io.konnectproxy.report.ReportedTrail;
import io.konnectproxy.report.ReportedTrails;
import io.konnectproxy.report.Tally;
import io.konnectproxy.report.TrailVerification;
import io.konnectproxy.report.render.Grid.Column;
import io.konnectproxy.report.render.Grid.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** The proxies of a report on several trails: what each wrote, what it runs, and how far that is proven. */
final class Proxies {
    /** The most of one proxy that are listed. */
    private static final int TRAILS = 20;

    private final ReportedTrails trails;
    private final int top;

    Proxies(AuditReport report) {
        this.trails = report.trails();
        this.top = report.query().top();
    }

    List<ReportSection> sections() {
        if (!trails.areSeveral()) {
            return List.of();
        }
        List<ReportedProxy> proxies = trails.proxies();
        List<Note> notes = new ArrayList<>();
        if (trails.otherTrails() > 0) {
            notes.add(Note.warning(Wording.count(trails.otherTrails(), "trail", "trails")
                    + " that ended before the others are in the sums alone."));
        }
        notes.add(Note.plain("Proxies whose trail is not whole come first, then those with the most lines. Version and"
                + " configuration are those of the last start and of the last configuration. Without --key the chain"
                + " alone is verified, which whoever can write the files can compute anew."));
        return List.of(new ReportSection("proxies", "Proxies", notes, List.of(grid(), configurations(proxies))));
    }

    private Grid grid() {
        ReportedTrails.TopProxies found = trails.top(top);
        List<Row> rows = new ArrayList<>();
        for (ReportedProxy proxy : found.rows()) {
            ReportedTrail newest = proxy.newest();
            String configuration = newest.configuration()
                    .map(ReportedTrail.RunningConfiguration::shortened)
                    .orElse("-");
            List<Cell> cells = new ArrayList<>(List.of(
                    new Cell.Text(proxy.name()),
                    new Cell.Text(newest.version().orElse("-")),
                    new Cell.Text(configuration),
                    new Cell.Text(proof(proxy))));
            cells.addAll(figures(proxy.trails().size(), proxy.lines(), proxy.tally()));
            cells.add(Cell.Time.of(proxy.first()));
            cells.add(Cell.Time.of(proxy.last()));
            rows.add(new Row(cells, false));
        }
        if (found.otherTrails() > 0) {
            Cell nothing = new Cell.Text("");
            List<Cell> cells = new ArrayList<>(List.of(
                    new Cell.Text("others: " + Wording.number(found.others()) + " more"), nothing, nothing, nothing));
            cells.addAll(figures(found.otherTrails(), found.otherLines(), found.sumOfOthers()));
            cells.addAll(List.of(Cell.Time.of(Long.MIN_VALUE), Cell.Time.of(Long.MIN_VALUE)));
            rows.add(new Row(cells, true));
        }
        return new Grid(
                "Proxies",
                List.of(
                        Column.text("Proxy"),
                        Column.text("Version"),
                        Column.text("Configuration"),
                        Column.text("Proven"),
                        Column.numeric("Trails"),
                        Column.numeric("Lines"),
                        Column.numeric("Refused"),
                        Column.numeric("Tunnels"),
                        Column.numeric("Bytes"),
                        Column.numeric("From"),
                        Column.numeric("Until")),
                rows);
    }

    private static List<Cell> figures(long trails, long lines, Tally tally) {
        return List.of(
                new Cell.Count(trails),
                new Cell.Count(lines),
                new Cell.Count(tally.refused()),
                new Cell.Count(tally.tunnels()),
                new Cell.Bytes(tally.bytes()));
    }

    /** Of the worst of its trails, {@code signed to 1,234}. */
    private static String proof(ReportedProxy proxy) {
        ReportedTrail trail = proxy.trails().stream()
                .filter(one -> ReportedProxy.Proof.of(one) == proxy.proof())
                .reduce((earlier, later) -> later)
                .orElseThrow();
        OptionalLong to = ReportedProxy.provenTo(trail);
        String line = to.isPresent() ? Wording.number(to.getAsLong()) : "";
        return switch (proxy.proof()) {
            case BROKEN ->
                "BROKEN at "
                        + trail.broken()
                                .map(TrailVerification.FirstDefect::place)
                                .orElse("");
            case NOT_VERIFIED -> "not verified";
            case NO_LINES -> "checkpoints alone";
            case CHAIN -> "chain to " + line;
            case KEPT -> "kept to " + line;
            case SIGNED -> "signed to " + line;
        };
    }

    /** Which configuration and version how many proxies run, the most first. */
    private Grid configurations(List<ReportedProxy> proxies) {
        Map<List<String>, List<ReportedProxy>> by = proxies.stream()
                .collect(Collectors.groupingBy(
                        proxy -> List.of(
                                proxy.newest()
                                        .configuration()
                                        .map(ReportedTrail.RunningConfiguration::shortened)
                                        .orElse("-"),
                                proxy.newest().version().orElse("-")),
                        () -> new TreeMap<>((one, other) -> one.toString().compareTo(other.toString())),
                        Collectors.toList()));
        List<Row> rows = by.entrySet().stream()
                .sorted((one, other) ->
                        Integer.compare(other.getValue().size(), one.getValue().size()))
                .limit(top)
                .map(entry -> Row.of(
                        new Cell.Text(entry.getKey().get(0)),
                        new Cell.Text(entry.getKey().get(1)),
                        new Cell.Count(entry.getValue().size()),
                        new Cell.Text(trails.names(entry.getValue()).words()),
                        Cell.Time.of(since(entry.getValue()))))
                .toList();
        return new Grid(
                "Configurations that proxies run",
                List.of(
                        Column.text("Configuration"),
                        Column.text("Version"),
                        Column.numeric("Proxies"),
                        Column.text("Such as"),
                        Column.numeric("Since")),
                rows);
    }

    private static long since(List<ReportedProxy> proxies) {
        return proxies.stream()
                .flatMap(proxy -> proxy.newest().configuration().stream())
                .mapToLong(ReportedTrail.RunningConfiguration::since)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Nothing in a report on one trail. */
    void write(JsonGenerator json, JsonTables tables) {
        if (!trails.areSeveral()) {
            return;
        }
        json.writeNumberProperty("trails_read", trails.count());
        json.writeNumberProperty("trails_read_late", trails.lateOnes());
        json.writeObjectPropertyStart("proxies");
        json.writeArrayPropertyStart("rows");
        ReportedTrails.TopProxies found = trails.top(top);
        found.rows().forEach(proxy -> write(proxy, json, tables));
        json.writeEndArray();
        json.writeObjectPropertyStart("others");
        json.writeNumberProperty("names", found.others());
        json.writeNumberProperty("trails", found.otherTrails());
        json.writeNumberProperty("lines_in_period", found.otherLines());
        tables.figures(found.sumOfOthers());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void write(ReportedProxy proxy, JsonGenerator json, JsonTables tables) {
        ReportedTrail newest = proxy.newest();
        json.writeStartObject();
        json.writeStringProperty("proxy", proxy.name());
        json.writeStringProperty("version", newest.version().orElse(null));
        json.writeStringProperty(
                "configuration_digest",
                newest.configuration()
                        .flatMap(ReportedTrail.RunningConfiguration::whole)
                        .orElse(null));
        json.writeStringProperty(
                "policy_digest",
                newest.configuration()
                        .map(ReportedTrail.RunningConfiguration::policy)
                        .orElse(null));
        tables.time("configured_since", newest.configuration().map(ReportedTrail.RunningConfiguration::since));
        json.writeBooleanProperty("stopped", newest.isStopped());
        json.writeNumberProperty("lines_in_period", proxy.lines());
        tables.figures(proxy.tally());
        json.writeStringProperty("proof", proxy.proof().token());
        json.writeNumberProperty("trails", proxy.trails().size());
        json.writeArrayPropertyStart("newest_trails");
        List<ReportedTrail> own = proxy.trails();
        own.subList(Math.max(0, own.size() - TRAILS), own.size()).forEach(trail -> write(trail, json, tables));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(ReportedTrail trail, JsonGenerator json, JsonTables tables) {
        json.writeStartObject();
        json.writeStringProperty("trail", trail.id().orElse(null));
        tables.time("first_line", tables.known(trail.first()));
        tables.time("last_line", tables.known(trail.last()));
        json.writeNumberProperty("first_seq", trail.numbering().first());
        json.writeNumberProperty("last_seq", trail.numbering().last());
        json.writeNumberProperty("unreadable_lines", trail.unreadable());
        json.writeNumberProperty("newest_checkpoint", trail.integrity().newest());
        json.writeNumberProperty("not_here_to", trail.provenAndNotHere());
        json.writeStringProperty("proof", ReportedProxy.Proof.of(trail).token());
        json.writeNumberProperty("proven_to", ReportedProxy.provenTo(trail).orElse(0));
        JsonFindings.defect(trail.broken(), json);
        json.writeEndObject();
    }
}
