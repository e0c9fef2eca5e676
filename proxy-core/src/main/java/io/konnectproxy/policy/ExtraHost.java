package io.konnectproxy.policy;

import io.konnectproxy.target.HostName;
import java.util.Set;

/**
 * A host of the operator's own that is permitted besides Konnect's.
 *
 * @param name what the audit line calls it
 * @param expectedSni server names that may stand in the ClientHello besides the host itself
 */
public record ExtraHost(String name, HostName host, Set<HostName> expectedSni) {
    public ExtraHost {
        expectedSni = Set.copyOf(expectedSni);
    }
}
