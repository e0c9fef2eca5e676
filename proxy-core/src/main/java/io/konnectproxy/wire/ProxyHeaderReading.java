package io.konnectproxy.wire;

import java.net.InetSocketAddress;
import java.util.Optional;

/** What the bytes in front of a request amount to so far, where a PROXY header must stand there. */
public sealed interface ProxyHeaderReading {

    /** The header is not complete; nothing is wrong with it yet. */
    enum NeedMore implements ProxyHeaderReading {
        NEED_MORE
    }

    /**
     * A well-formed header was read to its end.
     *
     * @param source the client's own address, IPv4 also where it was written as IPv4-mapped IPv6; empty where the peer speaks
     *     for itself ({@code UNKNOWN} of version 1, {@code LOCAL} of version 2)
     */
    record ProxyHeader(Optional<InetSocketAddress> source) implements ProxyHeaderReading {}

    /**
     * What stands there is no header that is taken; reading ends here.
     *
     * @param problem a whole sentence, in which nothing of the bytes stands
     */
    record ProxyHeaderFault(String problem) implements ProxyHeaderReading {}
}
