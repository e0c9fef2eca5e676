package io.konnectproxy.policy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who asks, as far as it is known and verified.
 *
 * @param address the client's own; what the PROXY header says, where there was one
 * @param peer who connected in its place, with a PROXY header; empty where the client itself did
 * @param user whose password was right
 * @param certificateNames common name and alternative names of its certificate, the common name first
 */
public record Client(
        InetSocketAddress address,
        Optional<InetSocketAddress> peer,
        Optional<String> user,
        List<String> certificateNames) {
    public Client {
        certificateNames = List.copyOf(certificateNames);
    }

    /** One of whom nothing but the address is known. */
    public Client(InetSocketAddress address) {
        this(address, Optional.empty(), Optional.empty(), List.of());
    }
}
