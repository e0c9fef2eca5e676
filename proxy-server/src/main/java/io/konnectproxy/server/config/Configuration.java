package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.tls.ServerFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The validated configuration. The components have the names of the keys in the file.
 *
 * @param listen the listeners; at least one
 * @param konnectHosts the file of the operator's own host table; empty for the packaged one
 * @param catalog the Konnect host table that is in force
 * @param clients clients that have rules of their own
 * @param permitAddresses private address blocks that may be dialled
 * @param resumption whether a ClientHello may offer to resume a TLS session
 * @param parents parent proxies, in the order in which they are tried; empty to dial directly
 * @param sourceAddress the local address to dial from; empty to let the system choose
 * @param instance the name of this proxy in the audit trail, in metrics and for mirrors
 */
public record Configuration(
        List<ListenerSettings> listen,
        Optional<String> konnectHosts,
        KonnectCatalog catalog,
        EgressPolicy.Rules rules,
        EgressPolicy.Clients clients,
        Dns dns,
        List<Cidr> permitAddresses,
        Resumption resumption,
        List<Parent> parents,
        Optional<InetAddress> sourceAddress,
        Timeouts timeouts,
        Limits limits,
        String instance,
        AuditSettings audit,
        Admin admin) {
    public Configuration {
        listen = List.copyOf(listen);
        permitAddresses = List.copyOf(permitAddresses);
        parents = List.copyOf(parents);
    }

    /** All rule sets in force: the common one, unless only clients with an entry are served, then one for each entry. */
    public List<RulesInForce> rulesInForce() {
        return RulesInForce.of(rules, clients);
    }

    /** The rows of the catalogue that at least one rule set enables. */
    public List<KonnectHost> enabledHosts() {
        List<RulesInForce> inForce = rulesInForce();
        return catalog.hosts().stream()
                .filter(host -> inForce.stream().anyMatch(each -> each.enables(host)))
                .toList();
    }

    /**
     * One listener: its address and what it requires of clients.
     *
     * @param tls empty for a plaintext listener
     * @param credentials htpasswd file for Basic credentials; empty if none are required
     * @param sources client addresses that are accepted; empty for any
     * @param proxyProtocol peers that must send a PROXY header; it is refused from all others
     * @param probes health probes: what closes from there without a request leaves no line
     */
    public record ListenerSettings(
            InetSocketAddress address,
            Optional<ServerFiles> tls,
            Optional<String> credentials,
            List<Cidr> sources,
            List<Cidr> proxyProtocol,
            List<Cidr> probes) {
        public ListenerSettings {
            sources = List.copyOf(sources);
            proxyProtocol = List.copyOf(proxyProtocol);
            probes = List.copyOf(probes);
        }

        /** A plaintext listener without requirements. */
        public ListenerSettings(InetSocketAddress address) {
            this(address, Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
        }
    }

    /** Whether a ClientHello may offer to resume a TLS session. The proxy has not seen the server name of that session. */
    public enum Resumption {
        PERMIT,
        REFUSE
    }

    /**
     * A parent proxy.
     *
     * @param trust certificates that the parent's is verified with; empty for the JVM's trust store
     * @param purposes the purposes of the hosts that are reached through it; empty for all hosts
     */
    public record Parent(ParentUrl url, Resolving dns, Optional<TrustedCertificates> trust, Set<Purpose> purposes) {
        public Parent {
            purposes = Set.copyOf(purposes);
        }

        /** Which side resolves Konnect's host names. */
        public enum Resolving {
            /** This proxy: every address is checked, and the CONNECT to the parent has a checked address. */
            LOCAL,
            /** The parent: the CONNECT to it has the host name, and its addresses are not checked. */
            PARENT
        }
    }

    /**
     * How names are resolved.
     *
     * @param servers empty for the system's resolvers and hosts file
     * @param timeout for the whole resolution of one name
     * @param family which address families are dialled, and which first
     */
    public record Dns(List<InetSocketAddress> servers, Duration timeout, AddressFamily family) {
        /** Which address families are dialled, and in which order. */
        public enum AddressFamily {
            IPV4_FIRST,
            IPV6_FIRST,
            IPV4_ONLY,
            IPV6_ONLY
        }

        public Dns {
            servers = List.copyOf(servers);
        }
    }

    /**
     * How long the phases of a tunnel and a shutdown may take.
     *
     * @param head from the accepted connection to the complete request head
     * @param connect from the request to the upstream connection: resolution and all connection attempts together
     * @param clientHello from the 200 reply to the complete ClientHello
     * @param idle time without a byte in either direction
     * @param drain time that open tunnels have to end at shutdown
     */
    public record Timeouts(Duration head, Duration connect, Duration clientHello, Duration idle, Duration drain) {}

    /**
     * Upper bounds.
     *
     * @param tunnels concurrent client connections, those that have sent nothing included
     * @param tunnelsPerClient the same for each client address
     * @param pendingPerClient connections without a verdict for each client address
     * @param memory the memory that all connections together may hold
     * @param refusalsPerMinute audit lines of refusals for each client in a minute; further ones are summed up
     * @param headBytes maximum size of a request head
     */
    public record Limits(
            int tunnels,
            int tunnelsPerClient,
            int pendingPerClient,
            MemoryLimit memory,
            int refusalsPerMinute,
            int headBytes) {
        public static final int DEFAULT_REFUSALS_PER_MINUTE = 60;
    }

    /**
     * The admin port.
     *
     * @param page whether the live page is wanted
     * @param credentials htpasswd file of the users who may see the live page; empty if no credentials are demanded
     */
    public record Admin(InetSocketAddress address, boolean page, Optional<String> credentials) {
        /** Why there is no live page; half a sentence. */
        public static final String WITHHELD =
                "admin.address is not a loopback address, and admin.credentials names no users file";

        /** A page that anybody on the network can read would tell who connects to what. */
        public boolean isPageWithheld() {
            return page && credentials.isEmpty() && !address.getAddress().isLoopbackAddress();
        }
    }
}
