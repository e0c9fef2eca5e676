package io.konnectproxy.server.dns;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.policy.TunnelPermit;
import java.net.InetAddress;
import java.util.Objects;

/**
 * Selects the check for the addresses of a permitted host. If PrivateLink is in use, only its hosts may have addresses in
 * the private blocks of the configuration.
 */
public final class AddressRules {
    private final AddressCheck privateLink;
    private final AddressCheck others;

    private AddressRules(AddressCheck privateLink, AddressCheck others) {
        this.privateLink = privateLink;
        this.others = others;
    }

    /** One check for every permitted host. */
    public static AddressRules same(AddressCheck check) {
        return new AddressRules(check, check);
    }

    /**
     * One check for hosts of PrivateLink, another one for all other hosts.
     *
     * @param privateLink the check for hosts of that purpose
     * @param others the check for all other hosts, whose addresses must be public
     */
    public static AddressRules apart(AddressCheck privateLink, AddressCheck others) {
        return new AddressRules(privateLink, others);
    }

    /** Whether the host of a permit may have this address. */
    public boolean permits(TunnelPermit permit, InetAddress address) {
        return of(permit).check(address, permit.authority().port()) instanceof CheckedAddress;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRules rules
                && privateLink.equals(rules.privateLink)
                && others.equals(rules.others);
    }

    @Override
    public int hashCode() {
        return Objects.hash(privateLink, others);
    }

    AddressCheck of(TunnelPermit permit) {
        // A refused host that report-only mode lets through never counts as a host of PrivateLink.
        return permit.rule() instanceof KonnectRule rule
                        && rule.match().host().purpose().equals(Purpose.PRIVATELINK)
                ? privateLink
                : others;
    }
}
