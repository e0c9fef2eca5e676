package io.konnectproxy.wire;

import java.net.InetSocketAddress;
import java.util.Optional;

/** STUB. */
public sealed interface ProxyHeaderReading {
    enum NeedMore implements ProxyHeaderReading {
        NEED_MORE
    }

    record ProxyHeader(Optional<InetSocketAddress> source) implements ProxyHeaderReading {}

    record ProxyHeaderFault(String problem) implements ProxyHeaderReading {}
}
