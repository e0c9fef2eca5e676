package io.konnectproxy.konnect;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.target.HostName;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The label that one tenant's host names have in place of an open label. A control plane has the same label in its
 * {@code cp} and {@code tp} hosts of both generations. It is ten hexadecimal characters today; any single LDH label is accepted.
 *
 * @param place the open label that it fills
 */
public record TenantLabel(OpenLabel place, String text) implements Comparable<TenantLabel> {
    public TenantLabel {
        if (text.indexOf('.') >= 0
                || !(HostName.read(text) instanceof HostName name)
                || !name.toString().equals(text)) {
            throw new IllegalArgumentException(
                    "the prefix of a " + place.noun() + " is one lower-case host label, like " + place.example());
        }
    }

    /** The labels that fill one kind of open label, sorted by their text. */
    public static SortedSet<TenantLabel> of(OpenLabel place, Collection<TenantLabel> labels) {
        return labels.stream().filter(label -> label.place == place).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public int compareTo(TenantLabel other) {
        int byPlace = place.compareTo(other.place);
        return byPlace == 0 ? text.compareTo(other.text) : byPlace;
    }

    @Override
    public String toString() {
        return text;
    }
}
