package io.konnectproxy.server.live;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.audit.AuditRecord.Upstream;
import io.konnectproxy.audit.AuditRecord.Via;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Rule;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.server.dataplane.DataPlaneFigures;
import io.konnectproxy.server.dataplane.DataPlaneState;
import io.konnectproxy.server.dataplane.Trouble;
import io.konnectproxy.server.live.LiveFigures.DataPlaneRow;
import io.konnectproxy.server.live.LiveFigures.DataPlaneRows;
import io.konnectproxy.server.live.LiveFigures.DecisionFigures;
import io.konnectproxy.server.live.LiveFigures.LastRefusal;
import io.konnectproxy.server.live.LiveFigures.RefusalFigures;
import io.konnectproxy.server.live.LiveFigures.TunnelRow;
import io.konnectproxy.server.live.LiveFigures.TunnelRows;
import java.net.InetAddress;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all viewers are shown of one moment, each what its query finds. */
final class LiveSnapshot {
    /** Rows of a table. */
    static final int MOST_ROWS = 200;

    static final int MOST_REFUSALS = 20;
    private static final String REFUSED = "refused";
    private static final String PERMITTED = "permitted";
    private static final long MINUTE = 60;
    private static final long SECONDS = 10;

    private final ProxyFacts facts;
    private final DecisionFigures decisions;
    private final List<RefusalFigures> refusals;
    private final DataPlaneFigures dataPlaneFigures;
    private final List<DataPlaneState> dataPlanes;
    private final TunnelRows carried;
    private final List<MeasuredTunnel> tunnels;
    /** What is searched of each tunnel, made for the first query that searches. */
    private List<String> searched = List.of();

    private LiveSnapshot(LiveSources sources, List<MeasuredTunnel> tunnels, TotalsWindow totals, long now) {
        Map<String, Long> sums = new HashMap<>(sources.carried().get());
        Map<String, Map<String, Long>> byVerdict = sources.decisions().get();
        byVerdict.forEach((verdict, byReason) -> {
            sums.put(verdict, sum(byReason));
            byReason.forEach((reason, count) -> sums.put(verdict + " " + reason, count));
        });
        totals.add(sums, now);
        this.facts = sources.facts().get();
        // A refusal that is not enforced counts as one, in the trail and in metrics.
        long unenforced = sources.recent().unenforced();
        this.decisions = new DecisionFigures(
                sums.getOrDefault(PERMITTED, 0L),
                Math.max(0, sums.getOrDefault(REFUSED, 0L) - unenforced),
                unenforced,
                totals.perSecond(PERMITTED, SECONDS),
                totals.perSecond(REFUSED, SECONDS));
        this.refusals = Stream.of(Refusal.values())
                .map(refusal -> refusal(refusal, byVerdict.getOrDefault(REFUSED, Map.of()), totals))
                .filter(figures -> figures.count() > 0)
                .sorted(Comparator.comparingLong(RefusalFigures::count).reversed())
                .limit(MOST_REFUSALS)
                .toList();
        this.dataPlaneFigures = sources.dataPlanes().figures();
        this.dataPlanes = sources.dataPlanes().list(Integer.MAX_VALUE).states();
        this.tunnels = tunnels;
        this.carried = new TunnelRows(
                tunnels.size(),
                0,
                0,
                sums.getOrDefault("up", 0L),
                sums.getOrDefault("down", 0L),
                totals.perSecond("up", SECONDS),
                totals.perSecond("down", SECONDS),
                List.of());
    }

    static LiveSnapshot take(LiveSources sources, TunnelRates rates, TotalsWindow totals, long now) {
        return new LiveSnapshot(sources, rates.measure(sources.tunnels().get(), now), totals, now);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static RefusalFigures refusal(Refusal refusal, Map<String, Long> counts, TotalsWindow totals) {
        String token = refusal.token();
        return new RefusalFigures(
                token,
                counts.getOrDefault(token, 0L),
                MINUTE * totals.perSecond(REFUSED + " " + token, MINUTE),
                refusal.sentence());
    }

    ProxyFacts facts() {
        return facts;
    }

    LiveFigures figures(LiveQuery query, int viewers) {
        return new LiveFigures(decisions, refusals, dataPlanes(query), tunnels(query), viewers);
    }

    private DataPlaneRows dataPlanes(LiveQuery query) {
        List<DataPlaneState> found = dataPlanes.stream()
                .filter(state -> query.find().isEmpty() || query.finds(searched(state)))
                .toList();
        List<DataPlaneRow> shown = first(found).stream().map(LiveSnapshot::row).toList();
        return new DataPlaneRows(
                dataPlaneFigures.connected(),
                dataPlaneFigures.lost(),
                dataPlaneFigures.flapping(),
                dataPlaneFigures.refused(),
                found.size() - shown.size(),
                shown);
    }

    /** Of those in the same trouble some of each client, so that none with many pushes out another. They keep their order. */
    private static List<DataPlaneState> first(List<DataPlaneState> found) {
        Map<InetAddress, Integer> seen = new HashMap<>();
        int[] rank = found.stream()
                .mapToInt(state -> seen.merge(state.network(), 1, Integer::sum))
                .toArray();
        return IntStream.range(0, found.size())
                .boxed()
                .sorted(Comparator.comparing(
                                (Integer i) -> worst(found.get(i)), Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(i -> rank[i]))
                .limit(MOST_ROWS)
                .sorted()
                .map(found::get)
                .toList();
    }

    private static @Nullable Trouble worst(DataPlaneState state) {
        return state.troubles().stream().min(Comparator.naturalOrder()).orElse(null);
    }

    private static String searched(DataPlaneState state) {
        return String.join(
                        "\n",
                        state.address(),
                        state.name().orElse(""),
                        state.controlPlane().orElse(""),
                        state.region().orElse(""))
                .toLowerCase(Locale.ROOT);
    }

    private static DataPlaneRow row(DataPlaneState state) {
        return new DataPlaneRow(
                state.address(),
                state.name().map(ShownText::name),
                state.controlPlane(),
                state.region(),
                state.telemetry() ? "tp" : "cp",
                state.troubles().stream()
                        .map(trouble -> trouble.name().toLowerCase(Locale.ROOT))
                        .toList(),
                state.tunnels(),
                state.connectedFor(),
                state.goneFor(),
                state.before(),
                state.ended(),
                state.refused(),
                state.refusedInAll(),
                state.reason()
                        .map(refusal -> new LastRefusal(
                                refusal.token(),
                                refusal.sentence(),
                                state.remedy().orElseGet(refusal::remedy))));
    }

    private TunnelRows tunnels(LiveQuery query) {
        List<MeasuredTunnel> found = found(query);
        List<TunnelRow> shown = found.stream()
                .sorted(query.order().comparator(query.reversed()))
                .limit(MOST_ROWS)
                .map(this::row)
                .toList();
        return new TunnelRows(
                carried.open(),
                found.size(),
                found.size() - shown.size(),
                carried.bytesUp(),
                carried.bytesDown(),
                carried.upPerSecond(),
                carried.downPerSecond(),
                shown);
    }

    private List<MeasuredTunnel> found(LiveQuery query) {
        if (query.find().isEmpty()) {
            return tunnels;
        }
        if (searched.isEmpty()) {
            searched = tunnels.stream().map(LiveSnapshot::searched).toList();
        }
        return IntStream.range(0, tunnels.size())
                .filter(i -> query.finds(searched.get(i)))
                .mapToObj(tunnels::get)
                .toList();
    }

    /** The label of the control plane is a part of the host. */
    private static String searched(MeasuredTunnel each) {
        return String.join(
                        "\n",
                        client(each),
                        each.tunnel().id(),
                        each.host(),
                        each.user().orElse(""))
                .toLowerCase(Locale.ROOT);
    }

    private static String client(MeasuredTunnel each) {
        return AddressText.of(each.tunnel().client().address().getAddress());
    }

    private TunnelRow row(MeasuredTunnel each) {
        Rule rule = each.tunnel().permit().rule();
        Optional<KonnectMatch> match =
                rule instanceof KonnectRule konnect ? Optional.of(konnect.match()) : Optional.empty();
        Optional<Upstream> upstream = each.tunnel().upstream();
        return new TunnelRow(
                each.tunnel().id(),
                client(each),
                each.user().map(ShownText::name),
                each.tunnel().listener(),
                each.host(),
                match.map(row -> row.host().purpose().name()).orElseGet(rule::reason),
                match.flatMap(row -> row.host().region()).map(Object::toString),
                match.flatMap(KonnectMatch::controlPlane).map(Object::toString),
                facts.time().minus(each.age()).truncatedTo(ChronoUnit.SECONDS),
                each.age(),
                each.up(),
                each.down(),
                each.upPerSecond(),
                each.downPerSecond(),
                upstream.filter(reached -> reached.via().isEmpty())
                        .map(reached -> AddressText.of(reached.address().getAddress())),
                upstream.flatMap(Upstream::via).map(Via::parent));
    }
}
