package io.konnectproxy.server.dns;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.Rule.KonnectRule;
import io.konnectproxy.policy.TunnelPermit;

/**
 * Which check the addresses of a permitted host have to pass. Where PrivateLink is in use, the private blocks of the
 * configuration are PrivateLink's, and no other host may be dialled there.
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
     * One check for PrivateLink, another one for all else.
     *
     * @param privateLink for hosts of that purpose
     * @param others for the rest, which are to be public
     */
    public static AddressRules apart(AddressCheck privateLink, AddressCheck others) {
        return new AddressRules(privateLink, others);
    }

    AddressCheck of(TunnelPermit permit) {
        // What is let through because refusals are only reported is no PrivateLink host, whatever its name.
        return permit.rule() instanceof KonnectRule rule
                        && rule.match().host().purpose().equals(Purpose.PRIVATELINK)
                ? privateLink
                : others;
    }
}
