package io.konnectproxy.suggest;

import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.EgressPolicy;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * The suggested rules.
 *
 * @param regions of all clients, with what justifies each in the whole trail
 * @param pins likewise; a pin to nobody is justified by no tunnel
 * @param entries for clients that need other rules
 * @param only whether clients without an entry may reach nothing, because no rules are for more than half of them
 * @param clients of the trail that need anything
 * @param covered those of them for which the rules of all are enough
 */
public record SuggestedRules(
        SortedMap<Region, JustifiedUse> regions,
        SortedMap<Purpose, JustifiedUse> purposes,
        SortedMap<TenantLabel, JustifiedUse> pins,
        List<SuggestedEntry> entries,
        boolean only,
        long clients,
        long covered) {
    public SuggestedRules {
        regions = Collections.unmodifiableSortedMap(regions);
        purposes = Collections.unmodifiableSortedMap(purposes);
        pins = Collections.unmodifiableSortedMap(pins);
        entries = List.copyOf(entries);
    }

    /** The policy that they come to. */
    public EgressPolicy policy(KonnectCatalog catalog) {
        return new EgressPolicy(
                catalog,
                new EgressPolicy.Rules(
                        regions.keySet(), purposes.keySet(), pins.keySet(), List.of(), EgressPolicy.Mode.ENFORCE),
                new EgressPolicy.Clients(
                        entries.stream().map(SuggestedEntry::entry).toList(), only));
    }
}
