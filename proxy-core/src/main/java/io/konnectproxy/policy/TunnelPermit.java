package io.konnectproxy.policy;

import io.konnectproxy.target.Authority;
import io.konnectproxy.target.HostName;
import java.util.Set;

/**
 * The proof that the policy permits one tunnel. Only {@link EgressPolicy} can create one, and dialling requires one, so that
 * code without the check does not compile.
 */
public final class TunnelPermit {
    private final Authority authority;
    private final Rule rule;
    private final Set<HostName> expectedSni;

    TunnelPermit(Authority authority, Rule rule, Set<HostName> expectedSni) {
        this.authority = authority;
        this.rule = rule;
        this.expectedSni = Set.copyOf(expectedSni);
    }

    /** The only host and port that may be dialled with this permit. */
    public Authority authority() {
        return authority;
    }

    public Rule rule() {
        return rule;
    }

    /** Whether every server name that another permit for the same host admits is admitted by this one. */
    public boolean admitsNoLessThan(TunnelPermit other) {
        return other.expectedSni.stream().allMatch(name -> admitsServerName(name.toString()));
    }

    /**
     * Whether a ClientHello may have this server name.
     *
     * @param serverName lower case
     */
    public boolean admitsServerName(String serverName) {
        return authority.host().toString().equals(serverName)
                || expectedSni.stream().anyMatch(name -> name.toString().equals(serverName));
    }
}
