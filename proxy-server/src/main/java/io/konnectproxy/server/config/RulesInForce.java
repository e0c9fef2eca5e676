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
 * Rules that hold for somebody.
 *
 * @param entry whose they are; empty for those of whoever has no entry
 */
public record RulesInForce(Optional<ClientEntry> entry, EgressPolicy.Rules rules) {
    /** Those of whoever has no entry, if they may reach anything; then those of each entry. */
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

    /** Whether they refuse every host there is. */
    boolean permitsNothing(KonnectCatalog table) {
        return rules.extraHosts().isEmpty()
                && rules.mode() == EgressPolicy.Mode.ENFORCE
                && hosts(table).findAny().isEmpty();
    }

    /** Whether only some tenants' hosts are let in, of those with this open label. */
    boolean pins(OpenLabel place) {
        return rules.pins().stream().anyMatch(pin -> pin.place() == place);
    }

    /** Whether hosts with this open label are among those that they let in. */
    boolean has(OpenLabel place, KonnectCatalog table) {
        return hosts(table).anyMatch(host -> host.has(place));
    }

    /** Whether the rules let one in, its tenant aside. */
    public boolean enables(KonnectHost host) {
        return rules.enables(host);
    }
}
