package io.konnectproxy.trail.event;

import io.konnectproxy.konnect.HostPattern.OpenLabel;

/** The name of a control plane, portal or tenant that is pinned or could be pinned, as recorded in the trail. */
public record Pin(OpenLabel place, String name) implements Comparable<Pin> {
    @Override
    public int compareTo(Pin other) {
        int byPlace = place.compareTo(other.place);
        return byPlace == 0 ? name.compareTo(other.name) : byPlace;
    }
}
