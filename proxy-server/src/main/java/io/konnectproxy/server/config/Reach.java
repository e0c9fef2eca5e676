package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.config.Configuration.ListenerSettings;

/** Who can come to a listener at all. */
final class Reach {
    private Reach() {}

    /** Whether somebody within the block may come in there. */
    static boolean mayCome(ListenerSettings listener, Cidr block) {
        boolean byItself = listener.proxyProtocol().isEmpty();
        return (!byItself || family(listener, block))
                && (listener.sources().isEmpty()
                        || listener.sources().stream().anyMatch(source -> overlap(source, block)));
    }

    /** Whether packets from the block can arrive there; what listens on 0.0.0.0 takes IPv6 too. */
    static boolean family(ListenerSettings listener, Cidr block) {
        return listener.address().getAddress().isAnyLocalAddress()
                || listener.address().getAddress().getClass() == block.network().getClass();
    }

    /** Whether only this machine can connect there, unless a block has others in it that nobody will see. */
    static boolean isLocal(ListenerSettings listener) {
        return listener.address().getAddress().isLoopbackAddress();
    }

    static boolean overlap(Cidr a, Cidr b) {
        return a.contains(b.network()) || b.contains(a.network());
    }
}
