package io.konnectproxy.server.listener;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.server.credentials.Users;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A listening address, and its requirements for clients.
 *
 * @param tls asked for each connection, so that a renewed certificate is served at once; empty for a plain listener
 * @param users the users that Basic credentials are verified against; empty where none are required
 * @param sources the clients that are admitted; empty for all
 * @param proxyProtocol the peers that must send a PROXY header
 * @param probes the clients whose connections are neither logged nor recorded when they close without a request
 */
public record Listener(
        InetSocketAddress address,
        Optional<Supplier<SslContext>> tls,
        Optional<Users> users,
        List<Cidr> sources,
        List<Cidr> proxyProtocol,
        List<Cidr> probes) {
    public Listener {
        sources = List.copyOf(sources);
        proxyProtocol = List.copyOf(proxyProtocol);
        probes = List.copyOf(probes);
    }

    boolean admits(InetAddress client) {
        return sources.isEmpty() || contain(sources, client);
    }

    /** Whether this peer must send a PROXY header that names the client. */
    boolean demandsHeader(InetAddress peer) {
        return contain(proxyProtocol, peer);
    }

    /** Whether this client may be a health probe. */
    boolean probes(InetAddress client) {
        return contain(probes, client);
    }

    /** Whether a connection of this peer began with the same requirements as with the other listener: TLS, and a PROXY header. */
    boolean beginsLike(Listener other, InetAddress peer) {
        return tls.equals(other.tls) && demandsHeader(peer) == other.demandsHeader(peer);
    }

    private static boolean contain(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }
}
