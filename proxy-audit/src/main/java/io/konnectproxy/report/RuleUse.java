package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent.Decision;
import io.konnectproxy.trail.event.TrailEvent.Policy;
import io.konnectproxy.trail.event.TrailEvent.Ruling;
import java.util.ArrayList;
import java.util.List;

/** How often each rule permitted a request: each pattern of Konnect's hosts, and each extra host. */
public final class RuleUse {
    private final Ranking<String> used = new Ranking<>();
    private List<String> configured = List.of();

    void configured(Policy policy) {
        List<String> rules = new ArrayList<>(policy.values().getOrDefault("hosts", List.of()));
        rules.addAll(policy.values().getOrDefault("extra_hosts", List.of()));
        configured = rules.stream().distinct().sorted().toList();
    }

    void count(Decision decision) {
        if (decision.judgement() == Ruling.PERMITTED) {
            decision.rule().ifPresent(rule -> used.of(rule).count(decision.judgement(), decision.time()));
        }
    }

    public Ranking<String> used() {
        return used;
    }

    /** The rules of the last configuration that permitted nothing, in order. */
    public List<String> unused() {
        return configured.stream().filter(rule -> !used.has(rule)).toList();
    }
}
