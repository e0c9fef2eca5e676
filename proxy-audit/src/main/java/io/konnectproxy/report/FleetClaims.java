package io.konnectproxy.report;

import io.konnectproxy.report.IntegrityClaim.Aspect;
import io.konnectproxy.report.IntegrityClaim.Assurance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is known of the integrity of several trails: how far each claim holds, and for which of them it does not. */
final class FleetClaims {
    /** The most grounds that are told; many trails may have one. */
    private static final int TOLD = 3;

    private final ReportedTrails trails;

    private FleetClaims(ReportedTrails trails) {
        this.trails = trails;
    }

    /** The four claims, in the order of {@link Aspect}; of one trail, its own. */
    static List<IntegrityClaim> of(ReportedTrails trails) {
        List<ReportedTrail> all = trails.all();
        if (!trails.areSeveral() && all.size() == 1) {
            return claims(all.get(0));
        }
        Map<Aspect, List<Claimed>> claimed = new EnumMap<>(Aspect.class);
        for (ReportedTrail trail : all) {
            claims(trail)
                    .forEach(claim -> claimed.computeIfAbsent(claim.aspect(), any -> new ArrayList<>())
                            .add(new Claimed(trail, claim)));
        }
        FleetClaims claims = new FleetClaims(trails);
        List<IntegrityClaim> summed = new ArrayList<>();
        for (Aspect aspect : Aspect.values()) {
            summed.add(claims.sum(aspect, claimed.getOrDefault(aspect, List.of())));
        }
        return summed;
    }

    private static List<IntegrityClaim> claims(ReportedTrail trail) {
        return trail.integrity().claims(trail.numbering(), trail.unreadable());
    }

    private record Claimed(ReportedTrail trail, IntegrityClaim claim) {}

    private String names(List<Claimed> those) {
        List<String> first = those.stream()
                .limit(ProxyNames.NAMED)
                .map(one -> one.trail().proxy())
                .toList();
        return new ProxyNames(first, those.size(), those.size() == trails.count()).words();
    }

    private IntegrityClaim sum(Aspect aspect, List<Claimed> all) {
        Map<Assurance, List<Claimed>> by = new EnumMap<>(Assurance.class);
        all.forEach(one -> by.computeIfAbsent(one.claim().assurance(), any -> new ArrayList<>())
                .add(one));
        Assurance worst = by.containsKey(Assurance.FAILS)
                ? Assurance.FAILS
                : by.size() == 1
                        ? by.keySet().iterator().next()
                        : by.isEmpty() ? Assurance.NOT_CHECKED : Assurance.IN_PART;
        List<String> parts = new ArrayList<>();
        by.forEach((assurance, those) -> parts.add(count(those.size()) + " " + words(assurance, those.size() == 1)));
        StringBuilder ground =
                new StringBuilder("Of " + count(all.size()) + (all.size() == 1 ? " trail: " : " trails: "));
        ground.append(parts.isEmpty() ? "nothing is known" : String.join(", ", parts))
                .append('.');
        Assurance told = by.containsKey(Assurance.FAILS)
                ? Assurance.FAILS
                : by.containsKey(Assurance.NOT_CHECKED) ? Assurance.NOT_CHECKED : Assurance.IN_PART;
        Map<String, List<Claimed>> reasons = by.getOrDefault(told, List.of()).stream()
                .collect(Collectors.groupingBy(one -> one.claim().ground(), LinkedHashMap::new, Collectors.toList()));
        reasons.entrySet().stream()
                .limit(TOLD)
                .forEach(reason -> ground.append(' ')
                        .append(names(reason.getValue()))
                        .append(": ")
                        .append(reason.getKey()));
        long rest = reasons.values().stream().skip(TOLD).mapToLong(List::size).sum();
        if (rest > 0) {
            ground.append(" And ").append(count(rest)).append(" more, under 'Proxies'.");
        }
        if (trails.otherTrails() > 0) {
            ground.append(" Of ").append(count(trails.otherTrails())).append(" further trails nothing is kept.");
        }
        return new IntegrityClaim(aspect, worst, ground.toString());
    }

    private static String words(Assurance assurance, boolean one) {
        return switch (assurance) {
            case HOLDS -> one ? "holds" : "hold";
            case IN_PART -> one ? "holds in part" : "hold in part";
            case FAILS -> one ? "fails" : "fail";
            case NOT_CHECKED -> one ? "was not checked" : "were not checked";
        };
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
