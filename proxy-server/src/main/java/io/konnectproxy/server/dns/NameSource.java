package io.konnectproxy.server.dns;

import io.konnectproxy.server.dns.DnsAnswer.Found;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The names of the hosts file, the resolvers to query, and where names that are not absolute are looked for. Never blocks; any
 * thread.
 */
interface NameSource extends AutoCloseable {
    /** The addresses of a name that needs no query. */
    Optional<Found> local(HostName name);

    /** The resolvers, in the order in which they are queried; may be empty. */
    List<InetSocketAddress> servers();

    /** For own hosts, whose names are as people write them. Names of Konnect are absolute. */
    default SearchList search() {
        return SearchList.NONE;
    }

    /** Stops watching files. */
    @Override
    default void close() {}

    /** The resolvers of the configuration only; the hosts file is ignored, and every name is absolute. */
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
