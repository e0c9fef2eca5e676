package io.konnectproxy.suggest;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes rules of what clients need. The rules of all clients have each value that more than half of the candidates need, so that
 * no single client opens anything for others. Whoever needs more gets an entry. If these rules are enough for no more than half,
 * every candidate gets an entry, and whoever has none gets nothing. A candidate is a user, a certificate, or a block of addresses
 * ({@link ClientBlocks}), so that a client with many addresses does not outvote others.
 */
final class SmallestRules {
    private final KonnectCatalog catalog;
    private final Collection<KnownClient> clients;
    private final List<EntryCandidate> candidates;
    private final Set<String> names = new HashSet<>();

    private SmallestRules(KonnectCatalog catalog, Collection<KnownClient> clients, List<EntryCandidate> candidates) {
        this.catalog = catalog;
        this.clients = clients;
        this.candidates = candidates;
    }

    /**
     * The rules; empty if no client needs any.
     *
     * @param clients all clients of the trail, also those that need nothing
     * @param complete whether these are all
     */
    static Optional<SuggestedRules> of(KonnectCatalog catalog, Collection<KnownClient> clients, boolean complete) {
        Map<KnownClient, Needs> needs = new LinkedHashMap<>();
        for (KnownClient client : clients) {
            List<AskedHost> justified = client.justified();
            if (!justified.isEmpty()) {
                needs.put(client, Needs.of(justified, catalog));
            }
        }
        List<EntryCandidate> candidates = new ArrayList<>();
        needs.forEach((client, needed) -> {
            if (!isSource(client.match())) {
                candidates.add(new EntryCandidate(client.match(), List.of(client), needed));
            }
        });
        candidates.addAll(ClientBlocks.of(
                clients.stream().filter(client -> isSource(client.match())).toList(), needs, complete));
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(new SmallestRules(catalog, clients, candidates).rules());
    }

    private static boolean isSource(Match match) {
        return match instanceof Match.Source;
    }

    private SuggestedRules rules() {
        Needs common = common();
        boolean only =
                candidates.stream().filter(each -> each.isCoveredBy(common)).count() * 2 <= candidates.size();
        List<EntryCandidate> kept = kept(common, only);
        Needs top = (only ? mostFrequent(kept) : common).withRegion(catalog);
        List<SuggestedEntry> entries =
                kept.stream().map(candidate -> entry(candidate, top)).toList();
        long entitled =
                candidates.stream().mapToLong(each -> each.clients().size()).sum();
        long withEntry = kept.stream().mapToLong(each -> each.clients().size()).sum();
        return new SuggestedRules(
                uses(
                        top.regions(),
                        (region, host) -> host.match()
                                .host()
                                .region()
                                .filter(region::equals)
                                .isPresent()),
                uses(
                        top.purposes(),
                        (purpose, host) -> host.match().host().purpose().equals(purpose)),
                uses(
                        top.pins(),
                        (pin, host) -> host.match().label().filter(pin::equals).isPresent()),
                entries,
                only,
                entitled,
                only ? 0 : entitled - withEntry);
    }

    /** What more than half of the candidates need, each value by itself. */
    private Needs common() {
        return Needs.of(
                byMost(needs -> needs.regions().stream()),
                byMost(needs -> needs.purposes().stream()),
                byMost(needs -> needs.pins().stream().filter(pin -> !Needs.isNobody(pin))),
                catalog);
    }

    private <T extends Comparable<T>> NavigableSet<T> byMost(Function<Needs, Stream<T>> values) {
        Map<T, Integer> votes = new TreeMap<>();
        candidates.forEach(
                candidate -> values.apply(candidate.needs()).forEach(value -> votes.merge(value, 1, Integer::sum)));
        votes.values().removeIf(count -> count * 2 <= candidates.size());
        return new TreeSet<>(votes.keySet());
    }

    /** Of equally frequent needs the first by their text, so that the order of the trail does not matter. */
    private static Needs mostFrequent(List<EntryCandidate> candidates) {
        Map<Needs, Integer> votes = new HashMap<>();
        candidates.forEach(candidate -> votes.merge(candidate.needs(), 1, Integer::sum));
        return votes.keySet().stream()
                .min(Comparator.<Needs>comparingInt(votes::get).reversed().thenComparing(Needs::toString))
                .orElseThrow();
    }

    /**
     * The candidates without whose entry something would be refused. An entry of a user precedes one of a certificate, and that
     * one of an address: so each kind is judged by the entries of those that it precedes.
     */
    private List<EntryCandidate> kept(Needs common, boolean only) {
        List<EntryCandidate> kept = new ArrayList<>();
        for (Class<? extends Match> kind : List.of(Match.Source.class, Match.Certificate.class, Match.User.class)) {
            EgressPolicy without = policy(common, kept, only);
            kept.addAll(
                    0,
                    candidates.stream()
                            .filter(candidate ->
                                    kind.isInstance(candidate.match()) && !candidate.isPermittedBy(without))
                            .sorted(Comparator.comparing(
                                    candidate -> candidate.match().words()))
                            .toList());
        }
        return kept;
    }

    private EgressPolicy policy(Needs common, List<EntryCandidate> kept, boolean only) {
        List<ClientEntry> entries = kept.stream()
                .map(each -> new ClientEntry(
                        "entry",
                        each.match(),
                        each.needs().regions(),
                        each.needs().purposes(),
                        each.needs().pins()))
                .toList();
        return new EgressPolicy(
                catalog,
                new EgressPolicy.Rules(
                        common.withRegion(catalog).regions(),
                        common.purposes(),
                        common.pins(),
                        List.of(),
                        EgressPolicy.Mode.ENFORCE),
                new EgressPolicy.Clients(entries, only));
    }

    private SuggestedEntry entry(EntryCandidate candidate, Needs top) {
        Needs needs = candidate.needs();
        Map<OpenLabel, SortedSet<TenantLabel>> own = new EnumMap<>(OpenLabel.class);
        for (OpenLabel place : OpenLabel.values()) {
            SortedSet<TenantLabel> pins = TenantLabel.of(place, needs.pins());
            if (!pins.isEmpty() && !pins.equals(TenantLabel.of(place, top.pins()))) {
                own.put(place, pins);
            }
        }
        return new SuggestedEntry(
                new ClientEntry(
                        EntryName.of(candidate.match(), names),
                        candidate.match(),
                        needs.regions().isEmpty() ? top.regions() : needs.regions(),
                        needs.purposes(),
                        needs.pins()),
                !needs.regions().isEmpty() && !needs.regions().equals(top.regions()),
                !needs.purposes().equals(top.purposes()),
                own,
                candidate.clients().size() == 1
                        ? Optional.of(candidate.clients().get(0).shown())
                        : Optional.empty(),
                candidate.use());
    }

    private <T extends Comparable<T>> SortedMap<T, JustifiedUse> uses(
            SortedSet<T> values, BiPredicate<T, AskedHost> justified) {
        SortedMap<T, JustifiedUse> uses = new TreeMap<>();
        values.forEach(value -> uses.put(value, UseCount.of(clients, host -> justified.test(value, host))));
        return uses;
    }
}
