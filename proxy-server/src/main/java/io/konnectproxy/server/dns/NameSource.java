package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Where names are looked up: in local files, or with which resolvers. Never blocks; any thread. */
interface NameSource extends AutoCloseable {
    /** The addresses that this machine has for a name without a query. */
    Optional<Found> local(HostName name);

    /** The resolvers to ask, in this order; may be empty. */
    List<InetSocketAddress> servers();

    /** Follows no file any more. */
    @Override
    default void close() {}

    /** The resolvers of the configuration and nothing else: what stands in the hosts file then has no say. */
    static NameSource configured(List<InetSocketAddress> servers) {
        return new NameSource() {
            @Override
            public Optional<Found> local(HostName name) {
                return Optional.empty();
            }

            @Override
            public List<InetSocketAddress> servers() {
                return servers;
            }
        };
    }
}
