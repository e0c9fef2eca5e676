package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Policy;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each rule permitted a request: each pattern of Konnect's hosts, and each extra host. */
public final class RuleUse {
    /** Configurations that are remembered to be kept once. */
    private static final int KNOWN = 1_000;

    private final Ranking<String> used = new Ranking<>();
    /** Of the last configuration of each proxy. */
    private final Map<String, List<String>> configured = new HashMap<>();

    /** Most proxies of a fleet have the same. */
    private final Map<List<String>, List<String>> known = new HashMap<>();

    /** @param proxy empty in a report on one trail */
    void configured(String proxy, Policy policy) {
        List<String> rules = new ArrayList<>(policy.values().getOrDefault("hosts", List.of()));
        rules.addAll(policy.values().getOrDefault("extra_hosts", List.of()));
        List<String> sorted = rules.stream().distinct().sorted().toList();
        if (known.size() >= KNOWN) {
            known.clear();
        }
        List<String> same = known.putIfAbsent(sorted, sorted);
        configured.put(proxy, same == null ? sorted : same);
    }

    void count(Decision decision) {
        if (decision.judgement() == Ruling.PERMITTED) {
            decision.rule().ifPresent(rule -> used.of(rule).count(decision.judgement(), decision.time()));
        }
    }

    public Ranking<String> used() {
        return used;
    }

    /** The rules of the last configuration of any proxy that permitted nothing, in order. */
    public List<String> unused() {
        return configured.values().stream()
                .distinct()
                .flatMap(List::stream)
                .distinct()
                .filter(rule -> !used.has(rule))
                .sorted()
                .toList();
    }
}
