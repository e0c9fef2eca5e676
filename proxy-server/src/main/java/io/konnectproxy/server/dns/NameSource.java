package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Where names are known. Never blocks; any thread. */
interface NameSource extends AutoCloseable {
    /** What this machine itself says of a name, without asking anybody. */
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
