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
 * Where clients come in, and what is demanded of them there.
 *
 * @param tls asked for each connection, so that a renewed certificate is served at once; empty for a plain listener
 * @param users who may come in with Basic credentials; empty where none are demanded
 * @param sources clients that may come in at all; empty for all
 * @param proxyProtocol peers from whom a PROXY header is demanded
 * @param probes clients whose connections leave no trace when they close without a request
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

    /** Whether a client may come in from there. */
    boolean admits(InetAddress client) {
        return sources.isEmpty() || contain(sources, client);
    }

    /** Whether whoever connects from there has to say in whose place it does. */
    boolean demandsHeader(InetAddress peer) {
        return contain(proxyProtocol, peer);
    }

    /** Whether whoever comes from there may be a health probe. */
    boolean probes(InetAddress client) {
        return contain(probes, client);
    }

    private static boolean contain(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }
}
