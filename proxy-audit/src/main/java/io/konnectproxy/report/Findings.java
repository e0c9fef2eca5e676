package io.konnectproxy.report;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.trail.event.TrailEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects what needs attention from the figures of a report, the worst first. */
final class Findings {
    private static final Map<String, Refusal> REFUSALS =
            Arrays.stream(Refusal.values()).collect(Collectors.toMap(Refusal::token, refusal -> refusal));

    /** How often a handshake that comes to nothing is no accident. */
    private static final int OFTEN = 5;

    private static final String OLD_PASSWORD =
            "Most likely a data plane with an old password: give it the right one. If it is none, somebody guesses.";

    private static final String KILLED =
            "Find out why the proxy was killed, or its host went down. Sums that were not written yet are nowhere else.";

    /** More rows than anybody reads are looked at, because most rankings have rows of other kinds too. */
    private static final int ROWS = Ranking.CAPACITY;

    private final AuditReport report;
    private final FleetFindings fleet;
    private final List<FindingGroup> groups = new ArrayList<>();

    private Findings(AuditReport report) {
        this.report = report;
        this.fleet = new FleetFindings(report);
    }

    static List<FindingGroup> of(AuditReport report) {
        Findings findings = new Findings(report);
        for (FindingKind kind : FindingKind.inOrder()) {
            findings.add(kind, findings.all(kind));
        }
        return List.copyOf(findings.groups);
    }

    private void add(FindingKind kind, List<ReportFinding> found) {
        if (!found.isEmpty()) {
            groups.add(FindingGroup.of(kind, found, report.query().top()));
        }
    }

    private List<ReportFinding> all(FindingKind kind) {
        Traffic traffic = report.traffic();
        return switch (kind) {
            case INTERNAL_ADDRESS -> internal();
            case FORBIDDEN_ADDRESS ->
                requests(
                        kind,
                        traffic.failures(),
                        (request, tally) -> InternalTarget.isForbiddenAddress(request.result()));
            case SERVER_NAME ->
                requests(
                        kind, traffic.failures(), (request, tally) -> InternalTarget.isOfOtherServer(request.result()));
            case PASSWORD_GUESSING -> passwords();
            case TRAIL_BROKEN -> broken();
            case TRAIL_GAP -> gaps();
            case LET_THROUGH ->
                requests(kind, traffic.letThrough(), (request, tally) -> !InternalTarget.is(request.target()));
            case DATA_PLANE_LOST ->
                report.dataPlanes()
                        .lost(
                                report.query().period().sinceMicros(),
                                report.until().orElse(Long.MIN_VALUE));
            case REFUSED_REPEATEDLY -> requests(kind, report.turnedAway().refused(), (request, tally) -> true);
            case DATA_PLANE_FLAPPING -> report.dataPlanes().flapping();
            case BROKEN_HANDSHAKES -> handshakes();
            case NEW_DESTINATION -> news();
            case OPEN_PLACEHOLDER -> placeholders();
            case UNUSED_PIN -> pins();
            case DATA_PLANE_MOVED -> report.dataPlanes().moved();
            case ONE_NAME_TWICE,
                    ONLY_CHECKPOINTS,
                    ARCHIVE_BEHIND,
                    TRAIL_UNPROVEN,
                    PROXY_SILENT,
                    CONFIGURATION_DIFFERS -> fleet.of(kind);
        };
    }

    private List<ReportFinding> requests(
            FindingKind kind, Ranking<RepeatedRequest> ranking, BiPredicate<RepeatedRequest, Tally> wanted) {
        return ranking.top(ROWS).rows().stream()
                .filter(row -> wanted.test(row.key(), row.tally()))
                .map(row -> ReportFinding.counted(
                        kind,
                        row.key().client(),
                        row.key().target(),
                        row.key().result(),
                        row.tally(),
                        advice(kind, row),
                        report.trails().names(row.tally())))
                .toList();
    }

    /** The hint of the line, or, for what may be a mistake, what would permit the request. Nobody is told how to permit an attack. */
    private static String advice(FindingKind kind, Ranking.RankedRow<RepeatedRequest> row) {
        Optional<String> hint = row.tally().hint();
        if (row.key().target().equals(TurnedAway.VARIOUS)) {
            return kind.advice();
        }
        if (kind == FindingKind.REFUSED_REPEATEDLY) {
            return hint.or(() -> Optional.ofNullable(REFUSALS.get(row.key().result()))
                            .map(Refusal::remedy))
                    .orElse(kind.advice());
        }
        return hint.map(text -> text + " " + kind.advice()).orElse(kind.advice());
    }

    private List<ReportFinding> internal() {
        FindingKind kind = FindingKind.INTERNAL_ADDRESS;
        Traffic traffic = report.traffic();
        List<ReportFinding> found = new ArrayList<>();
        // What was let through is worse than what was refused.
        for (ReportFinding finding : internal(kind, traffic.letThrough())) {
            found.add(new ReportFinding(
                    kind,
                    finding.who(),
                    finding.what(),
                    "LET THROUGH (report-only), " + finding.detail(),
                    finding.times(),
                    finding.first(),
                    finding.last(),
                    finding.advice(),
                    finding.proxies()));
        }
        return Stream.of(found, internal(kind, traffic.refusals()))
                .flatMap(findings -> eachClientFirst(findings).stream())
                .toList();
    }

    /** One finding of each client comes before a second one of any, so that a client that asks a lot does not hide another. */
    private static List<ReportFinding> eachClientFirst(List<ReportFinding> findings) {
        Map<String, Integer> counts = new HashMap<>();
        Map<Integer, List<ReportFinding>> turns = new TreeMap<>();
        for (ReportFinding finding : findings) {
            String client = finding.who().map(NetworkName::ofNamed).orElse("");
            int turn = counts.merge(client, 1, Integer::sum);
            turns.computeIfAbsent(turn, any -> new ArrayList<>()).add(finding);
        }
        return turns.values().stream().flatMap(List::stream).toList();
    }

    /** Metadata services first, then those asked for most often. */
    private List<ReportFinding> internal(FindingKind kind, Ranking<RepeatedRequest> requests) {
        return Stream.of(true, false)
                .flatMap(metadata -> requests(
                        kind,
                        requests,
                        (request, tally) -> InternalTarget.isRefused(request)
                                && InternalTarget.isMetadata(request.target()) == metadata)
                        .stream())
                .toList();
    }

    private List<ReportFinding> passwords() {
        TurnedAway turnedAway = report.turnedAway();
        return turnedAway.passwords().top(ROWS).rows().stream()
                // Many names are worse than many times: a data plane with an old password tries all day.
                .sorted(Comparator.comparing(row -> !turnedAway.claimsMany(row.key())))
                .map(row -> ReportFinding.counted(
                        FindingKind.PASSWORD_GUESSING,
                        row.key(),
                        turnedAway.claimed(row.key()),
                        TurnedAway.WRONG_PASSWORD,
                        row.tally(),
                        turnedAway.claimsMany(row.key()) ? FindingKind.PASSWORD_GUESSING.advice() : OLD_PASSWORD,
                        report.trails().names(row.tally())))
                .toList();
    }

    private List<ReportFinding> broken() {
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : report.trails().all()) {
            ProxyNames at = ProxyNames.of(trail.proxy());
            trail.broken().ifPresent(broken -> found.add(broken(broken.place(), broken.sentence(), at)));
            if (trail.integrity().verification().isEmpty()) {
                for (Numbering.Break gap : trail.numbering().breaks()) {
                    found.add(broken(
                            gap.position().file() + ":" + gap.position().line(),
                            "number " + gap.found() + " instead of " + gap.expected(),
                            at));
                }
            }
        }
        for (Unread.UnreadLine line : report.unread().lines()) {
            found.add(broken(
                    line.position().file() + ":" + line.position().line(),
                    "could not be read: " + line.reason(),
                    ProxyNames.NONE));
        }
        return found;
    }

    private static ReportFinding broken(String what, String detail, ProxyNames at) {
        return once(FindingKind.TRAIL_BROKEN, what, detail, 1, at);
    }

    private List<ReportFinding> gaps() {
        List<ReportFinding> found = new ArrayList<>();
        for (TrailLosses.Loss loss : report.losses().serious()) {
            ProxyNames at = ProxyNames.of(loss.proxy());
            if (loss.event() instanceof TrailEvent.Gap gap) {
                found.add(new ReportFinding(
                        FindingKind.TRAIL_GAP,
                        Optional.empty(),
                        gap.served()
                                ? "lines about requests that were served"
                                : "lines about requests that were refused",
                        gap.reason(),
                        gap.lost(),
                        Optional.of(gap.from()),
                        Optional.of(gap.until()),
                        FindingKind.TRAIL_GAP.advice(),
                        at));
            } else if (loss.event() instanceof TrailEvent.Torn torn) {
                found.add(new ReportFinding(
                        FindingKind.TRAIL_GAP,
                        Optional.empty(),
                        "an incomplete line, kept as " + torn.keptAs(),
                        torn.reason(),
                        1,
                        Optional.of(torn.time()),
                        Optional.of(torn.time()),
                        FindingKind.TRAIL_GAP.advice(),
                        at));
            }
        }
        report.trails().all().forEach(trail -> endsWithoutStop(trail).ifPresent(found::add));
        if (report.open().lost() > 0) {
            found.add(once(
                    FindingKind.TRAIL_GAP,
                    "ends of tunnels",
                    report.trails().areSeveral()
                            ? "proxies ended without a stop line"
                            : "the proxy ended without a stop line",
                    report.open().lost(),
                    ProxyNames.NONE));
        }
        return found;
    }

    private static Optional<ReportFinding> endsWithoutStop(ReportedTrail trail) {
        boolean one = trail.endsWithoutStop() == 1;
        return trail.endsWithoutStop() == 0
                ? Optional.empty()
                : Optional.of(new ReportFinding(
                        FindingKind.TRAIL_GAP,
                        Optional.empty(),
                        one ? "an end of the proxy without a stop" : "ends of the proxy without a stop",
                        "sums of refusals of " + (one ? "that minute" : "those minutes") + " may be missing",
                        trail.endsWithoutStop(),
                        ReportFinding.known(trail.firstEndWithoutStop()),
                        ReportFinding.known(trail.lastEndWithoutStop()),
                        KILLED,
                        ProxyNames.of(trail.proxy())));
    }

    private static ReportFinding once(FindingKind kind, String what, String detail, long times, ProxyNames at) {
        return new ReportFinding(
                kind, Optional.empty(), what, detail, times, Optional.empty(), Optional.empty(), kind.advice(), at);
    }

    /** A data plane that comes and goes because of its handshakes is one finding. */
    private List<ReportFinding> handshakes() {
        Set<Optional<String>> flapping =
                report.dataPlanes().flapping().stream().map(ReportFinding::who).collect(Collectors.toSet());
        return requests(
                FindingKind.BROKEN_HANDSHAKES,
                report.traffic().handshakes(),
                (request, tally) -> tally.lines() >= OFTEN && !flapping.contains(Optional.of(request.client())));
    }

    private List<ReportFinding> news() {
        return report.newTargets().stream()
                .flatMap(targets -> targets.found().top(ROWS).rows().stream())
                .map(row -> ReportFinding.counted(
                        FindingKind.NEW_DESTINATION,
                        "",
                        row.key(),
                        "let in for the first time",
                        row.tally(),
                        FindingKind.NEW_DESTINATION.advice(),
                        report.trails().names(row.tally())))
                .toList();
    }

    private List<ReportFinding> placeholders() {
        List<ReportFinding> found = new ArrayList<>();
        for (OpenLabel place : OpenLabel.values()) {
            if (report.pins().pinned() > 0 && report.pins().isOpen(place)) {
                found.add(ReportFinding.counted(
                        FindingKind.OPEN_PLACEHOLDER,
                        "",
                        "every " + place.noun(),
                        "not pinned",
                        report.pins().permitted(place),
                        "Set " + place.key() + ", or remove the purpose from purposes.",
                        ProxyNames.NONE));
            }
        }
        return found;
    }

    private List<ReportFinding> pins() {
        return report.pins().unused().entrySet().stream()
                .map(pin -> new ReportFinding(
                        FindingKind.UNUSED_PIN,
                        Optional.empty(),
                        pin.getKey().place().noun() + " " + pin.getKey().name(),
                        "pinned and never used",
                        0,
                        ReportFinding.known(pin.getValue()),
                        Optional.empty(),
                        "Remove it from " + pin.getKey().place().key().toLowerCase(Locale.ROOT)
                                + " if nobody needs it.",
                        ProxyNames.NONE))
                .toList();
    }
}
