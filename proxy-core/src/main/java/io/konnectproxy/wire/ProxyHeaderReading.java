package io.konnectproxy.wire;

import java.net.InetSocketAddress;
import java.util.Optional;

/** The result of parsing the bytes of a PROXY header so far. */
public sealed interface ProxyHeaderReading {

    /** The header is not complete, and no fault was found yet. */
    enum NeedMore implements ProxyHeaderReading {
        NEED_MORE
    }

    /**
     * A complete and well-formed header.
     *
     * @param source the address of the client, IPv4 also for an IPv4-mapped IPv6 address; empty if the header names no client
     *     ({@code UNKNOWN} of version 1, {@code LOCAL} of version 2)
     */
    record ProxyHeader(Optional<InetSocketAddress> source) implements ProxyHeaderReading {}

    /**
     * The bytes are not an acceptable header, and no more are read.
     *
     * @param problem a whole sentence that contains nothing of the bytes
     */
    record ProxyHeaderFault(String problem) implements ProxyHeaderReading {}
}
