package io.konnectproxy.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The trails of a report. Of those that ended, the last {@value #KEPT} keep a row of their own; where there are more, the earliest that
 * are not broken become one sum. Not thread-safe.
 */
public final class ReportedTrails {
    static final int KEPT = 10_000;

    /** The most proxies that are told apart. */
    static final int PROXIES = 10_000;

    private static final String OTHERS = "(others)";

    private final boolean several;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Set<ReportedTrail> trails = new LinkedHashSet<>();
    private final Deque<ReportedTrail> ended = new ArrayDeque<>();
    private final Tally others = new Tally();
    private long otherTrails;
    private long otherLines;
    private long late;

    /** @param several whether it is a report on several trails, which names the proxies */
    ReportedTrails(boolean several) {
        this.several = several;
    }

    /** @param proxy the name of the proxy, escaped */
    ReportedTrail begin(String proxy) {
        ReportedTrail trail = several ? named(proxy) : new ReportedTrail("", -1);
        trails.add(trail);
        return trail;
    }

    private ReportedTrail named(String proxy) {
        String name = names.size() < PROXIES || indexes.containsKey(proxy) ? proxy : OTHERS;
        int index = indexes.computeIfAbsent(name, any -> {
            names.add(name);
            return names.size() - 1;
        });
        return new ReportedTrail(name, index);
    }

    /** All lines of a trail were read, and verified. */
    void end(ReportedTrail trail) {
        ended.addLast(trail);
        if (ended.size() > KEPT) {
            fold(first());
        }
    }

    /** The earliest that is not broken, or else the earliest. */
    private ReportedTrail first() {
        Iterator<ReportedTrail> all = ended.iterator();
        while (all.hasNext()) {
            ReportedTrail trail = all.next();
            if (trail.broken().isEmpty()) {
                all.remove();
                return trail;
            }
        }
        return ended.removeFirst();
    }

    private void fold(ReportedTrail trail) {
        trails.remove(trail);
        otherTrails++;
        otherLines += trail.lines();
        others.add(trail.tally());
    }

    /** One more trail was read later than its time, because too many were open. */
    void late() {
        late++;
    }

    /** Whether it is a report on several trails. */
    public boolean areSeveral() {
        return several;
    }

    /** The trail of a report on one; empty in one on several. */
    public Optional<ReportedTrail> only() {
        return several ? Optional.empty() : trails.stream().findFirst();
    }

    /** Those that have a row, in the order in which they began. */
    public List<ReportedTrail> all() {
        return List.copyOf(trails);
    }

    /** How many there are. */
    public long count() {
        return trails.size() + otherTrails;
    }

    /** Those that have no row. */
    public long otherTrails() {
        return otherTrails;
    }

    /**
     * The first proxies of {@link #proxies}.
     *
     * @param others how many proxies come after them
     * @param otherTrails of those, and the trails that have no row
     * @param otherLines of the period
     */
    public record TopProxies(
            List<ReportedProxy> rows, int others, long otherTrails, long otherLines, Tally sumOfOthers) {}

    public TopProxies top(int count) {
        List<ReportedProxy> all = proxies();
        List<ReportedProxy> rows = all.subList(0, Math.min(count, all.size()));
        List<ReportedProxy> rest = all.subList(rows.size(), all.size());
        Tally sum = new Tally();
        sum.add(others);
        rest.forEach(proxy -> sum.add(proxy.tally()));
        return new TopProxies(
                List.copyOf(rows),
                rest.size(),
                otherTrails
                        + rest.stream()
                                .mapToLong(proxy -> proxy.trails().size())
                                .sum(),
                otherLines + rest.stream().mapToLong(ReportedProxy::lines).sum(),
                sum);
    }

    /** Trails that were read later than their time. */
    public long lateOnes() {
        return late;
    }

    /** How many proxies there are. */
    public int proxyCount() {
        return names.size();
    }

    /** All proxies with a trail that has a row: those whose trails are not whole first, then those with the most lines. */
    public List<ReportedProxy> proxies() {
        Map<String, List<ReportedTrail>> byName = trails.stream()
                .collect(Collectors.groupingBy(ReportedTrail::proxy, LinkedHashMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .map(entry -> new ReportedProxy(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(
                                (ReportedProxy proxy) -> proxy.proof().isWhole())
                        .thenComparing(
                                Comparator.comparingLong(ReportedProxy::lines).reversed())
                        .thenComparing(ReportedProxy::name))
                .toList();
    }

    /** Those of some proxies. */
    public ProxyNames names(List<ReportedProxy> proxies) {
        return new ProxyNames(
                proxies.stream()
                        .limit(ProxyNames.NAMED)
                        .map(ReportedProxy::name)
                        .toList(),
                proxies.size());
    }

    /** Where something was counted. */
    public ProxyNames names(Tally tally) {
        BitSet at = tally.proxies();
        return new ProxyNames(
                at.stream().limit(ProxyNames.NAMED).mapToObj(names::get).toList(),
                at.cardinality(),
                at.cardinality() == names.size());
    }
}
