package io.konnectproxy.target;

/** A host name and a port: the only form of target that the policy can permit. */
public record Authority(HostName host, int port) implements ConnectTarget {
    public Authority {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }

    /** The canonical text, {@code host:port}. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
