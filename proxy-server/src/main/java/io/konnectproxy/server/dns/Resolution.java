package io.konnectproxy.server.dns;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Verdict.Refused;
import java.util.List;
import java.util.Optional;

/** The result of resolving a name. */
public sealed interface Resolution {

    /** At least one address, all checked, in the order in which they are dialled. */
    record Resolved(List<CheckedAddress> addresses) implements Resolution {
        public Resolved {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses is empty");
            }
        }
    }

    /**
     * No address may be dialled.
     *
     * @param hint details for the operator; never sent to the client
     */
    record Unresolved(Refused refused, Optional<String> hint) implements Resolution {}
}
