package io.konnectproxy.server.dns;

import io.konnectproxy.address.ClientNetwork;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Whose look-up it is: what one asker makes the resolver do and keep is bounded.
 *
 * @param network of the client; empty for the proxy itself, whose look-ups come first
 */
record Asker(Optional<InetAddress> network) {
    static final Asker PROXY = new Asker(Optional.empty());

    static Asker client(InetAddress address) {
        return new Asker(Optional.of(ClientNetwork.of(address)));
    }
}
