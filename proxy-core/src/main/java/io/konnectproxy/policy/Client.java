package io.konnectproxy.policy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The verified identity of a client.
 *
 * @param address the address of the client; the source in the PROXY header if there was one
 * @param peer the address of the peer that sent the PROXY header; empty if the client connected itself
 * @param user the user whose password was verified
 * @param certificateNames common name and alternative names of the client's certificate, the common name first
 */
public record Client(
        InetSocketAddress address,
        Optional<InetSocketAddress> peer,
        Optional<String> user,
        List<String> certificateNames) {
    public Client {
        certificateNames = List.copyOf(certificateNames);
    }

    /** A client without user and certificate that connected itself. */
    public Client(InetSocketAddress address) {
        this(address, Optional.empty(), Optional.empty(), List.of());
    }
}
