package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;

/** One way in which an upstream may be reached. */
sealed interface Attempt {

    /** At an address of its own, which was checked. */
    record Direct(InetSocketAddress address) implements Attempt {}

    /**
     * Through a parent proxy.
     *
     * @param asked what the parent is asked to connect to, {@code host:port}
     * @param nth which of the parent's addresses is dialled; the first is 0
     */
    record Via(ParentProxy parent, String asked, int nth) implements Attempt {}
}
