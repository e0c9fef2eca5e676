package io.konnectproxy.policy;

import io.konnectproxy.target.HostName;
import java.util.Set;

/**
 * A host that the operator permits in addition to Konnect's hosts.
 *
 * @param name the name of the rule in the audit line
 * @param expectedSni server names that the ClientHello may have besides the host itself
 */
public record ExtraHost(String name, HostName host, Set<HostName> expectedSni) {
    public ExtraHost {
        expectedSni = Set.copyOf(expectedSni);
    }
}
