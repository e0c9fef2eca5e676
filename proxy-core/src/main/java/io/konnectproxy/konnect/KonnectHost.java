package io.konnectproxy.konnect;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.target.HostName;
import java.util.Optional;

/**
 * One row of the catalogue in one region: the smallest unit that can be enabled.
 *
 * @param region empty for hosts without a region, like {@code cloud.konghq.com}
 */
public record KonnectHost(HostPattern pattern, Purpose purpose, Optional<Region> region) {

    /** The part of the name that is the same for all tenants, {@code us.cp0.konghq.com}. */
    HostName fixedPart() {
        return pattern.fixedPart(region);
    }

    /** The form that firewalls use, {@code *.us.cp0.konghq.com}; a plain name if the row has no open label. */
    public String wildcard() {
        return pattern.openLabel().isPresent()
                ? "*." + fixedPart()
                : fixedPart().toString();
    }

    /** Whether this row has that open label. */
    public boolean has(OpenLabel place) {
        return pattern.openLabel().equals(Optional.of(place));
    }

    /** The host name of one tenant; empty if this row does not have the label's kind of open label. */
    public Optional<String> hostOf(TenantLabel label) {
        return has(label.place()) ? Optional.of(label + "." + fixedPart()) : Optional.empty();
    }
}
