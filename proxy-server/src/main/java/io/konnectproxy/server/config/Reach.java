package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.config.Configuration.ListenerSettings;

/** Which client addresses can reach a listener. */
final class Reach {
    private Reach() {}

    /** Whether the listener accepts any client address of the block. */
    static boolean accepts(ListenerSettings listener, Cidr block) {
        boolean direct = listener.proxyProtocol().isEmpty();
        return (!direct || family(listener, block))
                && (listener.sources().isEmpty()
                        || listener.sources().stream().anyMatch(source -> overlap(source, block)));
    }

    /** Whether the block is of a family that the listener accepts; a wildcard address accepts both. */
    static boolean family(ListenerSettings listener, Cidr block) {
        return listener.address().getAddress().isAnyLocalAddress()
                || listener.address().getAddress().getClass() == block.network().getClass();
    }

    /** Whether only this machine can connect. */
    static boolean isLocal(ListenerSettings listener) {
        return listener.address().getAddress().isLoopbackAddress();
    }

    static boolean overlap(Cidr a, Cidr b) {
        return a.contains(b.network()) || b.contains(a.network());
    }
}
