package io.konnectproxy.konnect;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.target.HostName;
import java.util.Optional;

/**
 * One row of the catalogue in one region: the smallest thing that is switched on or off.
 *
 * @param region empty for hosts that belong to no region, like {@code cloud.konghq.com}
 */
public record KonnectHost(HostPattern pattern, Purpose purpose, Optional<Region> region) {

    /** The part of the name that is the same for everybody, {@code us.cp0.konghq.com}. */
    HostName fixedPart() {
        return pattern.fixedPart(region);
    }

    /** As firewalls write it, {@code *.us.cp0.konghq.com}; a plain name where no label is open. */
    public String wildcard() {
        return pattern.openLabel().isPresent()
                ? "*." + fixedPart()
                : fixedPart().toString();
    }

    /** Whether this label of it is open. */
    public boolean has(OpenLabel place) {
        return pattern.openLabel().equals(Optional.of(place));
    }

    /** The name of one tenant's host, where this row has such hosts. */
    public Optional<String> hostOf(TenantLabel label) {
        return has(label.place()) ? Optional.of(label + "." + fixedPart()) : Optional.empty();
    }
}
