package io.konnectproxy.suggest;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * A suggested entry of {@code clients}.
 *
 * @param entry with all its rules
 * @param regionsDiffer whether it has regions of its own, otherwise those of all
 * @param purposesDiffer likewise
 * @param pins those that it has of its own
 * @param shown the clients that it is for, escaped; empty for several
 */
public record SuggestedEntry(
        ClientEntry entry,
        boolean regionsDiffer,
        boolean purposesDiffer,
        Map<OpenLabel, SortedSet<TenantLabel>> pins,
        Optional<String> shown,
        JustifiedUse use) {
    public SuggestedEntry {
        pins = Map.copyOf(pins);
    }

    /** Whether these pins are nobody's. */
    public static boolean isNobody(Set<TenantLabel> pins) {
        return pins.stream().allMatch(Needs::isNobody);
    }
}
