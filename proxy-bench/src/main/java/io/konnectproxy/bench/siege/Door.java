package io.konnectproxy.bench.siege;

import java.net.InetSocketAddress;
import java.util.function.IntFunction;

/**
 * How an honest client comes in.
 *
 * @param name for what is told of it
 * @param address a listener
 * @param source where the client comes from
 * @param tls whether TLS comes first
 * @param preamble what comes before the request
 * @param credentials a header line of the request, each time that of another user
 */
record Door(
        String name,
        InetSocketAddress address,
        String source,
        boolean tls,
        String preamble,
        IntFunction<String> credentials) {
    InetSocketAddress local() {
        return new InetSocketAddress(source, 0);
    }
}
