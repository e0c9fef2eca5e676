package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;
import java.util.Set;

/** One way in which an upstream may be reached. */
sealed interface Attempt {

    /** At an address of its own, which was checked. */
    record Direct(InetSocketAddress address) implements Attempt {}

    /**
     * Through a parent proxy.
     *
     * @param asked what the parent is asked to connect to, {@code host:port}
     * @param tried the parent's addresses at which this tunnel has not reached it; whoever dials adds to it
     */
    record Via(ParentProxy parent, String asked, Set<InetSocketAddress> tried) implements Attempt {}
}
