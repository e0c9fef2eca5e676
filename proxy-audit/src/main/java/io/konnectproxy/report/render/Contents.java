package io.konnectproxy.report.render;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.PinUse;
import io.konnectproxy.report.Ranking;
import io.konnectproxy.report.RepeatedRequest;
import io.konnectproxy.report.TimeLine;
import io.konnectproxy.report.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The sections of a report in their order, for text and page. A section without content is left out. */
final class Contents {
    /** What stands in a table for what has no name there. */
    private static final Set<String> NO_NAMES =
            Set.of(Traffic.NONE, Traffic.DECISION_MISSING, RepeatedRequest.SUMMED_UP);

    private final AuditReport report;
    private final Traffic traffic;
    private final Tables tables;
    private final List<ReportSection> sections = new ArrayList<>();

    private Contents(AuditReport report) {
        this.report = report;
        this.traffic = report.traffic();
        this.tables = new Tables(report);
    }

    static List<ReportSection> of(AuditReport report) {
        Contents contents = new Contents(report);
        contents.letThrough();
        contents.sections.add(Completeness.section(report));
        contents.timeLine();
        contents.traffic();
        contents.refusals();
        contents.tunnels();
        contents.newTargets();
        contents.pins();
        contents.sections.addAll(Chronicle.sections(report));
        contents.sections.add(legend());
        return List.copyOf(contents.sections);
    }

    private void letThrough() {
        long count = traffic.total().letThrough();
        if (count > 0) {
            List<Note> notes = new ArrayList<>();
            notes.add(Note.warning(Wording.count(count, "request was", "requests were")
                    + " refused by the policy and let through all the same, since the proxy ran in report-only mode."));
            notes.addAll(Tables.caution("such requests", traffic.letThrough()));
            add(
                    "let-through",
                    "Refused, yet let through",
                    notes,
                    tables.repeated("Requests that were refused and let through", "Reason", traffic.letThrough()));
        }
    }

    private void timeLine() {
        if (report.from().isPresent() && report.until().isPresent()) {
            TimeLine.Series series =
                    traffic.timeLine().over(report.from().get(), report.until().get());
            sections.add(new ReportSection("time-line", "Time line", new TimeChart(series)));
        }
    }

    private void traffic() {
        ranked("Purpose", traffic.purposes());
        ranked("Region", traffic.regions());
        if (ranked("Control plane", traffic.controlPlanes())) {
            BytesChart bytes = new BytesChart(traffic.controlPlanes());
            if (bytes.hasBars()) {
                sections.add(new ReportSection("bytes", "Bytes by control plane", bytes));
            }
        }
        ranked("Client", traffic.clients());
        ranked("User", traffic.users());
        ranked("Certificate", traffic.certificates());
        ranked("Client entry", traffic.entries());
        ranked("Peer", traffic.peers());
        ranked("Target", traffic.targets());
        ranked("Parent proxy", traffic.parents());
    }

    /** Adds a table of requests and tunnels by something. Returns false where it would say nothing and is left out. */
    private boolean ranked(String what, Ranking<String> ranking) {
        Grid grid = tables.traffic(what, ranking);
        if (grid.rows().stream().map(row -> row.cells().get(0).words()).allMatch(NO_NAMES::contains)) {
            return false;
        }
        String title = what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
        String plural = title.toLowerCase(Locale.ROOT);
        add(plural.replace(' ', '-'), title, Tables.caution(plural, ranking), grid);
        return true;
    }

    private void refusals() {
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        Ranking<RepeatedRequest> forbidden = traffic.forbiddenAddresses();
        if (!forbidden.top(1).rows().isEmpty()) {
            notes.add(Note.warning(
                    "Some names were permitted, led to a forbidden address and were refused for that. In the"
                            + " other tables they are permitted and failed."));
            grids.add(tables.repeated("Names that led to a forbidden address", "Reason", forbidden));
        }
        if (!traffic.reasons().top(1).rows().isEmpty()) {
            notes.add(Note.plain(
                    "Equal refusals are one row: a client that tries again and again shows as a large number."));
            grids.add(tables.counted("Refusals by reason", "Reason", traffic.reasons(), true));
            grids.add(tables.repeated("Refusals by client, target and reason", "Reason", traffic.refusals()));
        }
        if (grids.isEmpty()) {
            notes.add(Note.plain("No request was refused."));
        }
        if (traffic.summedUp() > 0) {
            notes.add(
                    Note.plain(
                            Wording.count(traffic.summedUp(), "refusal was", "refusals were")
                                    + " summed up by the proxy, since a client had more of them in a minute than have lines of their own"
                                    + " (limits.refusals-per-minute): of those the trail says whose they were and why, and not what was asked for."));
        }
        notes.addAll(Tables.caution("different refusals", traffic.refusals()));
        sections.add(new ReportSection("refusals", "Refusals", notes, grids));
    }

    private void tunnels() {
        if (traffic.total().tunnels() + traffic.total().failed() == 0) {
            return;
        }
        List<Grid> grids = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        Ranking<RepeatedRequest> failed = traffic.failedTunnels();
        grids.add(tables.counted("Tunnels by outcome", "Outcome", traffic.tunnelOutcomes(), true));
        if (!failed.top(1).rows().isEmpty()) {
            notes.add(Note.plain("A failed tunnel was permitted and never came about, or was cut at its first bytes."));
            notes.addAll(Tables.caution("different failures", failed));
            grids.add(tables.repeated("Failed tunnels by client, target and outcome", "Outcome", failed));
        }
        if (!traffic.parentAnswers().top(1).rows().isEmpty()) {
            grids.add(tables.counted("Refusals by parent proxies", "Parent proxy", traffic.parentAnswers(), false));
        }
        if (!traffic.tunnelOutcomes().top(1).rows().isEmpty()) {
            sections.add(new ReportSection("tunnels", "Tunnels", notes, grids));
        }
        sections.add(tls());
    }

    private ReportSection tls() {
        List<Note> notes = new ArrayList<>();
        notes.add(Note.plain("What clients offer is seen; what is agreed on later is encrypted and is not."));
        notes.add(Note.plain(Wording.count(traffic.ech(), "tunnel", "tunnels")
                + " offered Encrypted ClientHello; " + Wording.number(traffic.resumes())
                + " offered to resume a session; in " + Wording.number(traffic.withoutHello())
                + " no ClientHello came."));
        List<Grid> grids = new ArrayList<>();
        grids.add(
                tables.counted("TLS versions that clients offered", "Versions offered", traffic.tlsVersions(), false));
        if (!traffic.handshakes().top(1).rows().isEmpty()) {
            notes.add(
                    Note.warning(
                            "Some tunnels were open and their TLS handshake came to nothing. A client that sends an"
                                    + " alert, or closes, again and again probably does not trust the certificate that it sees."));
            notes.addAll(Tables.caution("different handshakes", traffic.handshakes()));
            grids.add(tables.repeated(
                    "TLS handshakes that came to nothing, by client and target", "Handshake", traffic.handshakes()));
        }
        return new ReportSection("tls", "TLS", notes, grids);
    }

    private void newTargets() {
        report.newTargets().ifPresent(targets -> {
            String since = Wording.time(targets.since());
            if (!targets.hasLinesBefore()) {
                add(
                        "new-targets",
                        "New destinations",
                        List.of(Note.warning("No line that was read is from before " + since
                                + ", so every target would be new. Add the files from before it.")));
                return;
            }
            Ranking.Top<String> found = targets.found().top(1);
            String earliest = Wording.time(report.input().earliest());
            List<Note> notes = new ArrayList<>();
            notes.add(Note.plain((found.rows().isEmpty() ? "No target was" : "These targets were")
                    + " let through for the first time since " + since + ", compared with the lines from " + earliest
                    + " on."));
            if (targets.mayListKnown()) {
                notes.add(Note.warning("There were so many targets before that some of these may not be new."));
            }
            notes.addAll(Tables.caution("new targets", targets.found()));
            if (found.rows().isEmpty()) {
                add("new-targets", "New destinations", notes);
            } else {
                add(
                        "new-targets",
                        "New destinations",
                        notes,
                        tables.counted("Targets let through for the first time", "Target", targets.found(), false));
            }
        });
    }

    private void pins() {
        PinUse pins = report.pins();
        if (!pins.isKnown()) {
            return;
        }
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        for (OpenLabel place : OpenLabel.values()) {
            if (pins.isOpen(place)) {
                notes.add(Note.warning("No " + place.noun() + " is pinned: any tenant's can be reached."));
            } else if (pins.pinned(place) > 0) {
                List<Grid.Row> unused = pins.unused().entrySet().stream()
                        .filter(pin -> pin.getKey().place() == place)
                        .map(pin -> Grid.Row.of(new Cell.Text(pin.getKey().name()), Cell.Time.of(pin.getValue())))
                        .toList();
                notes.add(use(place, pins.pinned(place), unused.size()));
                if (!unused.isEmpty()) {
                    grids.add(unused(place, unused));
                }
            }
        }
        if (!notes.isEmpty()) {
            sections.add(new ReportSection("pins", "Pins", notes, grids));
        }
    }

    private static Note use(OpenLabel place, int pinned, int unused) {
        if (unused == 0) {
            return Note.good(
                    pinned == 1
                            ? "The one pinned " + place.noun() + " was used."
                            : "All " + Wording.number(pinned) + " pinned " + place.plural() + " were used.");
        }
        return Note.plain(Wording.number(unused) + " of "
                + Wording.count(pinned, "pinned " + place.noun(), "pinned " + place.plural())
                + (unused == 1 ? " was" : " were")
                + " never used in the period: a pin that nobody needs permits too much.");
    }

    private static Grid unused(OpenLabel place, List<Grid.Row> rows) {
        String noun = place.noun();
        return new Grid(
                "Pinned " + place.plural() + " that were never used",
                List.of(
                        Grid.Column.text(noun.substring(0, 1).toUpperCase(Locale.ROOT) + noun.substring(1)),
                        Grid.Column.numeric("Pinned since, at the latest")),
                rows);
    }

    private static ReportSection legend() {
        return new ReportSection(
                "legend",
                "How to read this",
                List.of(
                        Note.plain(
                                "All times are UTC. 1 kB is 1,000 bytes. Tables have the rows with the most lines first. Before those,"
                                        + " targets and refusals have addresses that are not public, and names that led to one."),
                        Note.plain(
                                "Permitted, refused: decisions, one for each CONNECT request. Tunnels, failed: what became of"
                                        + " those let in, counted when they end. Up is from clients to Konnect, down from Konnect to"
                                        + " clients, without what TCP and IP add."),
                        Note.plain(
                                "A tunnel counts in full in the period in which it ended, with all its bytes and hours."),
                        Note.plain(
                                "Of refused requests, purpose, region and control plane are those that the target would have"
                                        + " by the program's table of Konnect hosts."),
                        Note.plain(
                                "Of refusals that the proxy summed up, client and reason are known and nothing else. They"
                                        + " count in the period in which the last of them was refused."),
                        Note.plain(
                                "Where there are very many different names in a table, those with the fewest lines are added"
                                        + " up as others, so that every column still adds up.")),
                List.of());
    }

    private void add(String id, String title, List<Note> notes, Grid... grids) {
        sections.add(new ReportSection(id, title, notes, List.of(grids)));
    }
}
