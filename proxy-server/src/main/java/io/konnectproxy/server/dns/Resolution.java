package io.konnectproxy.server.dns;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Verdict.Refused;
import java.util.List;
import java.util.Optional;

/** What resolving a name came to. */
public sealed interface Resolution {

    /** At least one address, in the order in which they are to be dialled; every one was checked. */
    record Resolved(List<CheckedAddress> addresses) implements Resolution {
        public Resolved {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("no address");
            }
        }
    }

    /**
     * No address may be dialled.
     *
     * @param hint what is known beyond the refusal, for the operator: never sent to the client
     */
    record Unresolved(Refused refused, Optional<String> hint) implements Resolution {}
}
