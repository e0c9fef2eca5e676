package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.EgressPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rule set that applies to some clients.
 *
 * @param entry the clients that it applies to; empty for all clients without an entry
 */
public record RulesInForce(Optional<ClientEntry> entry, EgressPolicy.Rules rules) {
    /** The common rule set, unless clients without an entry are refused; then one for each entry. */
    static List<RulesInForce> of(EgressPolicy.Rules common, EgressPolicy.Clients clients) {
        List<RulesInForce> all = new ArrayList<>();
        if (!clients.only()) {
            all.add(new RulesInForce(Optional.empty(), common));
        }
        for (ClientEntry entry : clients.entries()) {
            all.add(new RulesInForce(
                    Optional.of(entry),
                    new EgressPolicy.Rules(
                            entry.regions(), entry.purposes(), entry.pins(), common.extraHosts(), common.mode())));
        }
        return all;
    }

    static Set<Purpose> purposes(List<RulesInForce> all) {
        return all.stream().flatMap(each -> each.rules().purposes().stream()).collect(Collectors.toUnmodifiableSet());
    }

    private Stream<KonnectHost> hosts(KonnectCatalog table) {
        return table.hosts().stream().filter(this::enables);
    }

    /** Whether every host is refused. */
    boolean permitsNothing(KonnectCatalog table) {
        return rules.extraHosts().isEmpty()
                && rules.mode() == EgressPolicy.Mode.ENFORCE
                && hosts(table).findAny().isEmpty();
    }

    /** Whether hosts with this open label are restricted to some tenants. */
    boolean pins(OpenLabel place) {
        return rules.pins().stream().anyMatch(pin -> pin.place() == place);
    }

    /** Whether any enabled host has this open label. */
    boolean has(OpenLabel place, KonnectCatalog table) {
        return hosts(table).anyMatch(host -> host.has(place));
    }

    /** Whether the host is enabled, regardless of its tenant. */
    public boolean enables(KonnectHost host) {
        return rules.enables(host);
    }
}
