package io.konnectproxy.konnect;

import io.konnectproxy.target.HostName;

/**
 * The first label of a control plane's host names, {@code 0646a7d680}: the same in its {@code cp} and {@code tp} hosts of
 * both generations. Ten hexadecimal characters today; any one LDH label is accepted.
 */
public record ControlPlane(String prefix) implements Comparable<ControlPlane> {
    public ControlPlane {
        if (prefix.indexOf('.') >= 0
                || !(HostName.read(prefix) instanceof HostName name)
                || !name.toString().equals(prefix)) {
            throw new IllegalArgumentException("a control-plane prefix is one lower-case host label, like 0646a7d680");
        }
    }

    @Override
    public int compareTo(ControlPlane other) {
        return prefix.compareTo(other.prefix);
    }

    @Override
    public String toString() {
        return prefix;
    }
}
