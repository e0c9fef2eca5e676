package io.konnectproxy.server.dns;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The origin of a look-up. Work and memory of the resolver are bounded for each asker.
 *
 * @param network of the client; empty for the proxy itself, whose look-ups come first
 */
record Asker(Optional<InetAddress> network) {
    static final Asker PROXY = new Asker(Optional.empty());

    static Asker client(InetAddress address) {
        return new Asker(Optional.of(ClientNetwork.of(address)));
    }
}
