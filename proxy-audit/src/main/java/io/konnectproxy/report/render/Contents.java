package io.konnectproxy.report.render;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.PinUse;
import io.konnectproxy.report.Ranking;
import io.konnectproxy.report.RepeatedRequest;
import io.konnectproxy.report.TimeLine;
import io.konnectproxy.report.Traffic;
import io.konnectproxy.trail.event.Pin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    Contents(AuditReport report) {
        this.report = report;
        this.traffic = report.traffic();
        this.tables = new Tables(report);
    }

    /** What belongs on the first page. */
    List<ReportSection> front() {
        sections.clear();
        timeLine();
        return List.copyOf(sections);
    }

    /** Everything else. */
    List<ReportSection> rest() {
        sections.clear();
        sections.addAll(new Proxies(report).sections());
        sections.add(Completeness.section(report));
        traffic();
        refusals();
        tunnels();
        newTargets();
        rules();
        sections.addAll(Chronicle.sections(report));
        sections.add(legend());
        return List.copyOf(sections);
    }

    private void timeLine() {
        if (report.from().isPresent() && report.until().isPresent()) {
            TimeLine.Series series =
                    traffic.timeLine().over(report.from().get(), report.until().get());
            sections.add(new ReportSection("time-line", "Time line", new TimeChart(series)));
        }
    }

    /** One section: a table has what no table before it has. */
    private void traffic() {
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        ranked("Purpose", "purposes", traffic.purposes(), notes, grids);
        ranked("Region", "regions", traffic.regions(), notes, grids);
        boolean controlPlanes = ranked("Control plane", "control planes", traffic.controlPlanes(), notes, grids);
        ranked(Tables.CLIENT, "clients", traffic.clients(), notes, grids);
        if (!traffic.userOfClient().isOneToOne()) {
            ranked("User", "users", traffic.users(), notes, grids);
        }
        ranked("Certificate", "certificates", traffic.certificates(), notes, grids);
        ranked("Client entry", "client entries", traffic.entries(), notes, grids);
        ranked("Peer", "peers", traffic.peers(), notes, grids);
        ranked("Target", "targets", traffic.targets(), notes, grids);
        ranked("Parent proxy", "parent proxies", traffic.parents(), notes, grids);
        if (!notes.isEmpty() || !grids.isEmpty()) {
            sections.add(new ReportSection("traffic", "Requests and tunnels", notes, grids));
        }
        BytesChart bytes = new BytesChart(traffic.controlPlanes());
        if (controlPlanes && bytes.hasBars()) {
            sections.add(new ReportSection("bytes", "Bytes by control plane", bytes));
        }
    }

    /**
     * Adds a table of requests and tunnels by something, or a sentence where a table would have one row, or the rows of
     * another one under other names.
     *
     * @return whether there is a name
     */
    private boolean ranked(String what, String plural, Ranking<String> ranking, List<Note> notes, List<Grid> grids) {
        Grid grid = tables.traffic(what, ranking);
        List<String> names =
                grid.rows().stream().map(row -> row.cells().get(0).words()).toList();
        if (NO_NAMES.containsAll(names)) {
            return false;
        }
        if (names.size() == 1) {
            notes.add(Note.plain(what + " of all: " + names.get(0) + "."));
            return true;
        }
        Optional<Grid> alike = grids.stream()
                .filter(other -> figures(other).equals(figures(grid)))
                .findFirst();
        if (alike.isPresent()) {
            notes.add(Note.plain(what + " has the figures of "
                    + alike.get().columns().get(0).title().toLowerCase(Locale.ROOT) + ": "
                    + pairs(grid, alike.get()) + "."));
            return true;
        }
        notes.addAll(Tables.caution(plural, ranking));
        grids.add(grid);
        return true;
    }

    private static List<List<Cell>> figures(Grid grid) {
        return grid.rows().stream()
                .map(row -> row.cells().subList(1, row.cells().size()))
                .toList();
    }

    private static String pairs(Grid grid, Grid alike) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < grid.rows().size(); i++) {
            String name = grid.rows().get(i).cells().get(0).words();
            if (!NO_NAMES.contains(name)) {
                pairs.add(name + " = " + alike.rows().get(i).cells().get(0).words());
            }
        }
        return String.join(", ", pairs);
    }

    private void refusals() {
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        if (!traffic.forbiddenAddresses().top(1).rows().isEmpty()) {
            notes.add(Note.warning(
                    "Some names were permitted, led to a forbidden address and were refused for that; they are under"
                            + " '" + Attention.TITLE + "'. In the other tables they are permitted and failed."));
        }
        if (!traffic.reasons().top(1).rows().isEmpty()) {
            notes.add(Note.plain(
                    "Equal refusals are one row: a client that tries again and again shows as a large number."));
            grids.add(tables.counted("Refusals by reason", "Reason", traffic.reasons(), true));
            grids.add(tables.repeated("Refusals by client, target and reason", "Reason", traffic.refusals()));
        }
        if (notes.isEmpty()) {
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
            notes.add(Note.plain(
                    (found.rows().isEmpty() ? "No target was" : "The targets under '" + Attention.TITLE + "' were")
                            + " let through for the first time since " + since + ", compared with the lines from "
                            + earliest
                            + " on."));
            if (targets.mayListKnown()) {
                notes.add(Note.warning("There were so many targets before that some of these may not be new."));
            }
            notes.addAll(Tables.caution("new targets", targets.found()));
            add("new-targets", "New destinations", notes);
        });
    }

    private void rules() {
        List<Note> notes = new ArrayList<>();
        List<Grid> grids = new ArrayList<>();
        Grid rules = tables.used("How often each rule permitted a request", "Rule", report.rules());
        if (!rules.rows().isEmpty()) {
            grids.add(rules);
        }
        if (report.pins().isKnown()) {
            pins(report.pins(), notes);
            Grid used = tables.used("How often each pin permitted a request", report.pins());
            if (!used.rows().isEmpty()) {
                grids.add(used);
            }
        }
        if (!notes.isEmpty() || !grids.isEmpty()) {
            sections.add(new ReportSection("rules", "Rules and pins", notes, grids));
        }
    }

    private static void pins(PinUse pins, List<Note> notes) {
        Set<Pin> unused = pins.unused().keySet();
        for (OpenLabel place : OpenLabel.values()) {
            if (pins.isOpen(place)) {
                notes.add(Note.warning("No " + place.noun() + " is pinned: any tenant's can be reached."));
            } else if (pins.pinned(place) > 0) {
                notes.add(use(place, pins.pinned(place), (int)
                        unused.stream().filter(pin -> pin.place() == place).count()));
            }
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

    private static ReportSection legend() {
        return new ReportSection(
                "legend",
                "How to read this",
                List.of(
                        Note.plain(
                                "All times are UTC. 1 kB is 1,000 bytes. Tables have the rows with the most lines first. Before those,"
                                        + " targets and refusals have addresses that are not public, and names that led to one. A"
                                        + " column of zeros is left out."),
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
