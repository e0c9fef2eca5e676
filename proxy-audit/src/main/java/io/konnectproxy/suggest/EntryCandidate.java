package io.konnectproxy.suggest;

import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import java.util.List;
import java.util.stream.Stream;

/** Clients with the same needs that one entry can be for. */
record EntryCandidate(Match match, List<KnownClient> clients, Needs needs) {
    EntryCandidate {
        clients = List.copyOf(clients);
    }

    Stream<AskedHost> justified() {
        return clients.stream().flatMap(client -> client.justified().stream());
    }

    boolean isCoveredBy(Needs rules) {
        return justified().allMatch(host -> rules.permits(host.match()));
    }

    /** Whether nothing would be refused without the entry. */
    boolean isPermittedBy(EgressPolicy policy) {
        return justified().allMatch(host -> host.isPermittedBy(policy));
    }

    JustifiedUse use() {
        return UseCount.of(clients, host -> true);
    }
}
