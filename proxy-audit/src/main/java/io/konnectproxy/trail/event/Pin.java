package io.konnectproxy.trail.event;

import io.konnectproxy.konnect.HostPattern.OpenLabel;

/** What somebody pinned, or might have: the name of one control plane, portal or tenant, as the trail has it. */
public record Pin(OpenLabel place, String name) implements Comparable<Pin> {
    @Override
    public int compareTo(Pin other) {
        int byPlace = place.compareTo(other.place);
        return byPlace == 0 ? name.compareTo(other.name) : byPlace;
    }
}
