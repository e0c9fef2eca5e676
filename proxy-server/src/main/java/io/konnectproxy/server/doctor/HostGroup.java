package io.konnectproxy.server.doctor;

import io.konnectproxy.policy.TunnelPermit;
import java.util.List;

/**
 * Hosts that are examined together.
 *
 * @param label the control plane whose hosts they are, of which some need not exist; the host itself where it is one
 */
public record HostGroup(String label, List<TunnelPermit> permits) {
    public HostGroup {
        permits = List.copyOf(permits);
        if (permits.isEmpty()) {
            throw new IllegalArgumentException("no host");
        }
    }

    /** Whether the names are guessed from a pin, so that some of them may not exist. */
    boolean isGuessed() {
        return permits.size() > 1;
    }
}
