package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;
import java.util.Set;

/** One way in which an upstream may be reached. */
sealed interface Attempt {

    /** At a checked address of the upstream itself. */
    record Direct(InetSocketAddress address) implements Attempt {}

    /**
     * Through a parent proxy.
     *
     * @param asked what the parent is asked to connect to, {@code host:port}
     * @param tried the parent's addresses that this tunnel has tried in vain; the code that dials adds to it
     */
    record Via(ParentProxy parent, String asked, Set<InetSocketAddress> tried) implements Attempt {}
}
