package io.konnectproxy.report;

import io.konnectproxy.report.ReportedTrail.RunningConfiguration;
import io.konnectproxy.trail.VerifyResult.NotHere;
import io.konnectproxy.trail.event.Micros;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What needs attention in several trails together, and in none of them alone. */
final class FleetFindings {
    /** Two processes of one proxy may overlap a little, by clocks that differ. */
    private static final long OVERLAP = Micros.MINUTE;

    /** A busy proxy is never silent for so long, and a quiet one only if it was before. */
    private static final long SILENCE = Micros.HOUR;

    /** A file is finished once a day, and handed over soon after that. */
    private static final long BEHIND = Micros.DAY + 2 * Micros.HOUR;

    private final AuditReport report;
    private final List<ReportedTrail> trails;

    FleetFindings(AuditReport report) {
        this.report = report;
        this.trails = report.trails().all();
    }

    List<ReportFinding> of(FindingKind kind) {
        if (kind == FindingKind.ONLY_CHECKPOINTS) {
            return onlyCheckpoints();
        }
        if (kind == FindingKind.ARCHIVE_BEHIND) {
            return behind();
        }
        if (!report.trails().areSeveral()) {
            return List.of();
        }
        return switch (kind) {
            case ONE_NAME_TWICE -> overlapping();
            case TRAIL_UNPROVEN -> unproven();
            case PROXY_SILENT -> silent();
            case CONFIGURATION_DIFFERS -> different();
            default -> List.of();
        };
    }

    private static ReportFinding finding(
            FindingKind kind, ReportedTrail trail, String what, String detail, long times, long first, long last) {
        return new ReportFinding(
                kind,
                Optional.of(trail.proxy()).filter(proxy -> !proxy.isEmpty()),
                what,
                detail,
                times,
                ReportFinding.known(first),
                ReportFinding.known(last),
                kind.advice(),
                ProxyNames.of(trail.proxy()));
    }

    private static String name(ReportedTrail trail) {
        return trail.id().map(id -> "trail " + id).orElse("a trail of version 1");
    }

    private static String count(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }

    private List<ReportFinding> overlapping() {
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedProxy proxy : report.trails().proxies()) {
            List<ReportedTrail> inOrder = proxy.trails().stream()
                    .filter(trail -> !trail.isEmpty())
                    .sorted(Comparator.comparingLong(ReportedTrail::first))
                    .toList();
            ReportedTrail longest = null;
            for (ReportedTrail trail : inOrder) {
                if (longest != null && Math.min(longest.last(), trail.last()) - trail.first() > OVERLAP) {
                    found.add(finding(
                            FindingKind.ONE_NAME_TWICE,
                            trail,
                            name(trail) + " beside " + name(longest),
                            "both were written at the same time",
                            1,
                            trail.first(),
                            Math.min(longest.last(), trail.last())));
                }
                longest = longest == null || trail.last() > longest.last() ? trail : longest;
            }
        }
        return found;
    }

    private List<ReportFinding> onlyCheckpoints() {
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : trails) {
            if (trail.isEmpty() && trail.notHere().isPresent()) {
                NotHere lines = trail.notHere().get();
                found.add(finding(
                        FindingKind.ONLY_CHECKPOINTS,
                        trail,
                        name(trail),
                        "of lines 1 to " + lines.to() + " there is not one",
                        lines.lines(),
                        trail.heard(),
                        trail.heard()));
            }
        }
        return found;
    }

    /** The lines of a current file are not in the archive yet, which is no finding unless it is not finished as it should be. */
    private List<ReportFinding> behind() {
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : trails) {
            Optional<NotHere> missing = trail.notHere().filter(any -> !trail.isEmpty());
            if (missing.isPresent() && (isSilent(trail) || trail.heard() - trail.furthest() > BEHIND)) {
                NotHere lines = missing.get();
                found.add(finding(
                        FindingKind.ARCHIVE_BEHIND,
                        trail,
                        "lines " + lines.from() + " to " + lines.to(),
                        "the checkpoint of line " + lines.to() + " is there, and the lines are not",
                        lines.lines(),
                        trail.furthest(),
                        trail.heard()));
            }
        }
        return found;
    }

    private List<ReportFinding> unproven() {
        boolean anySigned = trails.stream().anyMatch(trail -> !trail.integrity().isUnsigned());
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : trails) {
            if (trail.isEmpty()) {
                continue;
            }
            Optional<String> why = trail.integrity().verification().isEmpty()
                    ? Optional.of("a file could not be read, so nothing after it is proven")
                    : Optional.of("no line is signed, as those of other proxies are")
                            .filter(any -> anySigned && trail.integrity().isUnsigned());
            why.ifPresent(words -> found.add(finding(
                    FindingKind.TRAIL_UNPROVEN,
                    trail,
                    name(trail),
                    words,
                    trail.lines(),
                    trail.first(),
                    trail.last())));
        }
        return found;
    }

    /** The newest trail of each proxy. */
    private List<ReportedTrail> newest() {
        return report.trails().proxies().stream().map(ReportedProxy::newest).toList();
    }

    /** When the last of all proxies was heard of. */
    private long end() {
        return trails.stream()
                .flatMapToLong(trail -> LongStream.of(trail.heard()))
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private boolean isSilent(ReportedTrail trail) {
        long silence = end() - trail.heard();
        return !trail.isStopped()
                && trail.heard() != Long.MIN_VALUE
                && silence > Math.max(SILENCE, 2 * trail.longestPause());
    }

    private List<ReportFinding> silent() {
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : newest()) {
            if (!trail.isEmpty() && isSilent(trail)) {
                found.add(finding(
                        FindingKind.PROXY_SILENT,
                        trail,
                        "no line for " + DataPlaneTrack.words(end() - trail.heard()),
                        trail.leftOpen() == 0
                                ? "without a stop"
                                : "without a stop, with " + count(trail.leftOpen(), "tunnel") + " open",
                        0,
                        trail.heard(),
                        trail.heard()));
            }
        }
        return found;
    }

    /**
     * What a proxy runs, as far as a person would call it the same.
     *
     * @param policy the digest of what is permitted
     */
    private record Running(String policy, Optional<String> whole, String version) {
        String words() {
            return "configuration " + new RunningConfiguration(policy, whole, 0).shortened()
                    + (version.isEmpty() ? "" : " with version " + version);
        }
    }

    private static Optional<Running> running(ReportedTrail trail) {
        return trail.configuration()
                .map(found -> new Running(
                        found.policy(), found.whole(), trail.version().orElse("")));
    }

    private List<ReportFinding> different() {
        List<ReportedTrail> running = newest().stream()
                .filter(trail -> !trail.isStopped() && trail.configuration().isPresent())
                .toList();
        Map<Running, Long> counts = running.stream()
                .flatMap(trail -> running(trail).stream())
                .collect(Collectors.groupingBy(one -> one, LinkedHashMap::new, Collectors.counting()));
        Optional<Map.Entry<Running, Long>> most = counts.entrySet().stream().max(Map.Entry.comparingByValue());
        if (most.isEmpty() || counts.size() == 1) {
            return List.of();
        }
        Running usual = most.get().getKey();
        List<ReportFinding> found = new ArrayList<>();
        for (ReportedTrail trail : running) {
            Running own = running(trail).orElseThrow();
            if (!own.equals(usual)) {
                found.add(finding(
                        FindingKind.CONFIGURATION_DIFFERS,
                        trail,
                        own.words(),
                        difference(own, usual) + "; " + most.get().getValue() + " of " + running.size() + " run "
                                + usual.words(),
                        0,
                        trail.configuration().orElseThrow().since(),
                        trail.configuration().orElseThrow().since()));
            }
        }
        // Who permits something else comes first.
        found.sort(Comparator.comparing(finding -> !finding.detail().startsWith(OTHER_POLICY)));
        return found;
    }

    private static final String OTHER_POLICY = "it permits something else";

    private static String difference(Running own, Running usual) {
        if (!own.policy().equals(usual.policy())) {
            return OTHER_POLICY;
        }
        return own.whole().equals(usual.whole())
                ? "the program is another"
                : "it permits the same, with other settings";
    }
}
