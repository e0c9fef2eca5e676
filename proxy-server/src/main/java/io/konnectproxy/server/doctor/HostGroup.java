package io.konnectproxy.server.doctor;

import io.konnectproxy.policy.TunnelPermit;
import java.util.ArrayList;
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

    /** These hosts, and those of the other group that are not among them. */
    public HostGroup with(HostGroup other) {
        List<TunnelPermit> all = new ArrayList<>(permits);
        for (TunnelPermit each : other.permits) {
            if (all.stream().noneMatch(permit -> permit.authority().equals(each.authority()))) {
                all.add(each);
            }
        }
        return new HostGroup(label, all);
    }

    /** Whether the names are guessed from a pin, so that some of them may not exist. */
    boolean isGuessed() {
        return permits.size() > 1;
    }
}
