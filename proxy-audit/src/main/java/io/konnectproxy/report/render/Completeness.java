package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.Numbering;
import io.konnectproxy.report.OpenTunnels;
import io.konnectproxy.report.ReportedTrail;
import io.konnectproxy.report.Traffic;
import io.konnectproxy.report.TrailLosses;
import io.konnectproxy.report.Unread;
import io.konnectproxy.report.render.Grid.Column;
import io.konnectproxy.report.render.Grid.Row;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How complete the lines are, according to the trail itself. */
final class Completeness {
    /** Of all trails. */
    private static final int SHOWN_BREAKS = 100;

    private final AuditReport report;
    private final List<Note> notes = new ArrayList<>();
    private final List<Grid> grids = new ArrayList<>();

    private Completeness(AuditReport report) {
        this.report = report;
    }

    static ReportSection section(AuditReport report) {
        Completeness completeness = new Completeness(report);
        completeness.gaps();
        completeness.numbering();
        completeness.unread();
        completeness.torn();
        completeness.removed();
        completeness.processes();
        completeness.tunnels();
        completeness.dataPlanes();
        completeness.mirrors();
        completeness.checkpoints();
        completeness.unfamiliar();
        completeness.losses();
        completeness.files();
        completeness.notes.sort(Comparator.comparing(Note::tone));
        return new ReportSection(
                "completeness", "What the trail says of itself", completeness.notes, completeness.grids);
    }

    private void gaps() {
        TrailLosses losses = report.losses();
        if (report.input().read() == 0) {
            return;
        }
        if (losses.gaps() == 0) {
            if (losses.torn() == 0 && losses.endsWithoutStop() == 0) {
                notes.add(Note.good("The trail says of itself that no line was lost."));
            }
            return;
        }
        notes.add(Note.warning("The trail says of itself that " + Wording.count(losses.lost(), "line was", "lines were")
                + " lost in " + (losses.gaps() == 1 ? "a gap" : Wording.number(losses.gaps()) + " gaps")
                + between(losses) + "."));
        if (losses.served() > 0) {
            notes.add(
                    Note.warning(
                            Wording.count(losses.served(), "of them is", "of them are")
                                    + " about requests that were served all the same (audit.on-failure: continue): nobody knows which."));
        }
    }

    private void removed() {
        long removed = report.losses().removed();
        if (removed > 0) {
            notes.add(Note.plain("The proxy removed " + Wording.count(removed, "finished file", "finished files")
                    + " of the trail, as audit.rotate had it."));
        }
    }

    private static String between(TrailLosses losses) {
        List<TrailEvent.Gap> gaps = losses.kept().stream()
                .map(TrailLosses.Loss::event)
                .filter(TrailEvent.Gap.class::isInstance)
                .map(TrailEvent.Gap.class::cast)
                .toList();
        // Only where all losses are kept, because otherwise the sentence would be wrong.
        if (gaps.size() < losses.gaps()) {
            return "";
        }
        long from = gaps.stream().mapToLong(TrailEvent.Gap::from).min().orElse(0);
        long until = gaps.stream().mapToLong(TrailEvent.Gap::until).max().orElse(0);
        String why = gaps.size() == 1 ? " (" + gaps.get(0).reason() + ")" : "";
        return " between " + Wording.time(from) + " and " + Wording.time(until) + why;
    }

    private void numbering() {
        List<ReportedTrail> trails =
                report.trails().all().stream().filter(trail -> !trail.isEmpty()).toList();
        if (trails.isEmpty()) {
            return;
        }
        long breaks =
                trails.stream().mapToLong(trail -> trail.numbering().count()).sum();
        if (breaks > 0) {
            breaks(trails, breaks);
        } else if (report.trails().areSeveral()) {
            notes.add(Note.good("The lines of each of " + Wording.count(trails.size(), "trail", "trails")
                    + " are numbered without a hole."));
        } else {
            Numbering numbering = trails.get(0).numbering();
            notes.add(Note.good("The lines that were read are numbered " + Wording.number(numbering.first()) + " to "
                    + Wording.number(numbering.last()) + " without a hole."));
        }
        List<String> named = report.input().trails();
        if (named.size() > 1 && !report.trails().areSeveral()) {
            notes.add(Note.warning("The lines are of " + Wording.number(named.size())
                    + " trails, and are added up as if they were of one: " + String.join(", ", named) + "."));
        }
        begun(trails);
        if (report.input().backwards() > 0) {
            notes.add(Note.warning("The clock went back by more than a minute "
                    + Wording.count(report.input().backwards(), "time", "times")
                    + ". Times are given as the lines have them."));
        }
    }

    private void breaks(List<ReportedTrail> trails, long count) {
        long missing =
                trails.stream().mapToLong(trail -> trail.numbering().missing()).sum();
        notes.add(Note.warning("The numbers of the lines do not follow one another in "
                + Wording.count(count, "place", "places") + "; " + Wording.count(missing, "number is", "numbers are")
                + " missing. Files may be missing, or lines."));
        grids.add(new Grid(
                "Where numbers do not follow one another",
                List.of(
                        Column.text("File and line"),
                        Column.numeric("Expected number"),
                        Column.numeric("Found number")),
                trails.stream()
                        .flatMap(trail -> trail.numbering().breaks().stream())
                        .limit(SHOWN_BREAKS)
                        .map(at -> Row.of(
                                new Cell.Text(at.position().file() + ":"
                                        + at.position().line()),
                                new Cell.Count(at.expected()),
                                new Cell.Count(at.found())))
                        .toList()));
    }

    private void begun(List<ReportedTrail> trails) {
        List<ReportedTrail> later =
                trails.stream().filter(trail -> trail.numbering().first() > 1).toList();
        if (later.isEmpty()) {
            return;
        }
        notes.add(Note.plain(
                report.trails().areSeveral()
                        ? Wording.count(later.size(), "trail", "trails") + " began before the first line that was read."
                        : "The first line that was read has number "
                                + Wording.number(later.get(0).numbering().first()) + ": the trail began before it."));
    }

    private void unread() {
        Unread unread = report.unread();
        if (unread.count() == 0) {
            return;
        }
        notes.add(Note.warning(Wording.count(unread.count(), "line", "lines") + " could not be read and "
                + (unread.count() == 1 ? "is" : "are") + " in none of the figures."));
        grids.add(new Grid(
                unread.count() > unread.lines().size()
                        ? "The first " + unread.lines().size() + " lines that could not be read"
                        : "Lines that could not be read",
                List.of(Column.text("File and line"), Column.text("Reason")),
                unread.lines().stream()
                        .map(line -> Row.of(
                                new Cell.Text(line.position().file() + ":"
                                        + line.position().line()),
                                new Cell.Text(line.reason())))
                        .toList()));
    }

    private void torn() {
        TrailLosses losses = report.losses();
        if (losses.torn() > 0) {
            notes.add(Note.warning(
                    "The file was found with a torn end at " + Wording.count(losses.torn(), "start", "starts")
                            + " (" + Wording.count(losses.tornBytes(), "byte", "bytes")
                            + " in all). What was no whole line was kept aside."));
        }
    }

    private void processes() {
        long ends = report.losses().endsWithoutStop();
        if (ends > 0) {
            notes.add(
                    Note.warning(
                            "The proxy ended without a stop line " + Wording.count(ends, "time", "times")
                                    + ": it was killed, or the machine went down. Sums of refusals that it had not written yet are lost."));
        }
    }

    private void tunnels() {
        OpenTunnels open = report.open();
        if (open.lost() > 0) {
            notes.add(
                    Note.warning(
                            Wording.count(open.lost(), "tunnel has", "tunnels have")
                                    + " no end line, as the process ended before it could write one: bytes and hours of theirs are unknown."));
        }
        if (open.stillOpen() > 0) {
            notes.add(Note.plain(Wording.count(open.stillOpen(), "tunnel was", "tunnels were")
                    + " still open at the end of the period, or the end was not read: bytes and hours of theirs are not"
                    + " in the figures."));
        }
        if (report.traffic().withoutDecision() > 0) {
            notes.add(Note.plain(Wording.count(report.traffic().withoutDecision(), "tunnel", "tunnels")
                    + " ended whose decision was not read; those of version 1 stand under '" + Traffic.DECISION_MISSING
                    + "'."));
        }
        if (open.forgotten() > 0) {
            notes.add(Note.warning("So many tunnels were open at a time that "
                    + Wording.count(open.forgotten(), "one", "of them") + " could not be joined with their ends."));
        }
    }

    private void dataPlanes() {
        if (report.notFollowed() > 0) {
            notes.add(Note.warning(Wording.count(report.notFollowed(), "request was", "requests were")
                    + " of more data planes than are followed, so some that were lost may not be among the findings."));
        }
    }

    private void mirrors() {
        new TreeMap<>(report.losses().missed())
                .forEach((mirror, missed) -> notes.add(Note.warning("The mirror " + mirror + " missed "
                        + Wording.count(missed, "line", "lines") + "; the trail itself has them.")));
    }

    private void checkpoints() {
        for (Map.Entry<String, Long> key : new TreeMap<>(report.losses().keys()).entrySet()) {
            notes.add(Note.plain(Wording.count(key.getValue(), "checkpoint is", "checkpoints are") + " of the key "
                    + key.getKey() + "."));
        }
    }

    private void unfamiliar() {
        Unread unread = report.unread();
        new TreeMap<>(unread.events())
                .forEach((event, count) -> notes.add(Note.plain("The event '" + event + "' is not known to this version"
                        + " of the program (" + Wording.count(count, "line", "lines") + ").")));
        if (!unread.fields().isEmpty()) {
            grids.add(new Grid(
                    "Fields that this version of the program does not know, and left out",
                    List.of(Column.text("Field"), Column.numeric("Lines")),
                    new TreeMap<>(unread.fields())
                            .entrySet().stream()
                                    .map(field ->
                                            Row.of(new Cell.Text(field.getKey()), new Cell.Count(field.getValue())))
                                    .toList()));
        }
    }

    private void files() {
        if (report.input().passedOver().isEmpty()) {
            return;
        }
        grids.add(new Grid(
                "Files that were passed over",
                List.of(Column.text("File"), Column.text("Reason")),
                report.input().passedOver().stream()
                        .map(file -> Row.of(new Cell.Text(file.file()), new Cell.Text(file.why())))
                        .toList()));
    }

    private void losses() {
        TrailLosses losses = report.losses();
        if (losses.all() == 0) {
            return;
        }
        grids.add(new Grid(
                losses.all() > losses.kept().size()
                        ? "The first " + losses.kept().size() + " of what the trail says of itself"
                        : "What the trail says of itself",
                List.of(
                        Column.text("Proxy"),
                        Column.text("What"),
                        Column.text("Reason"),
                        Column.numeric("Lost"),
                        Column.numeric("From"),
                        Column.numeric("Until")),
                losses.kept().stream().map(Completeness::row).toList()));
    }

    private static Row row(TrailLosses.Loss loss) {
        List<Cell> cells = new ArrayList<>();
        cells.add(new Cell.Text(loss.proxy()));
        cells.addAll(row(loss.event()).cells());
        return new Row(cells, false);
    }

    private static Row row(TrailEvent event) {
        if (event instanceof TrailEvent.Gap gap) {
            return Row.of(
                    new Cell.Text("Gap in the trail"),
                    new Cell.Text(gap.reason()),
                    new Cell.Count(gap.lost()),
                    Cell.Time.of(gap.from()),
                    Cell.Time.of(gap.until()));
        }
        if (event instanceof TrailEvent.Torn torn) {
            return Row.of(
                    new Cell.Text("Torn end, kept as " + torn.keptAs()),
                    new Cell.Text(torn.reason()),
                    new Cell.Bytes(torn.bytes()),
                    Cell.Time.of(Long.MIN_VALUE),
                    Cell.Time.of(torn.time()));
        }
        if (event instanceof TrailEvent.Removed removed) {
            return Row.of(
                    new Cell.Text("Removed " + removed.file()),
                    new Cell.Text(removed.reason()),
                    new Cell.Text("-"),
                    Cell.Time.of(Long.MIN_VALUE),
                    Cell.Time.of(removed.time()));
        }
        if (event instanceof TrailEvent.ClockJump jump) {
            return Row.of(
                    new Cell.Text("Jump of the clock"),
                    new Cell.Text(jump.reason()),
                    new Cell.Text("-"),
                    Cell.Time.of(jump.expected()),
                    Cell.Time.of(jump.time()));
        }
        TrailEvent.MirrorLoss loss = (TrailEvent.MirrorLoss) event;
        return Row.of(
                new Cell.Text("Mirror " + loss.mirror()),
                new Cell.Text(loss.reason()),
                new Cell.Count(loss.missed()),
                Cell.Time.of(loss.from()),
                Cell.Time.of(loss.until()));
    }
}
