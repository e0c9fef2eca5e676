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
 * Everything an operator can set, valid as a whole. The components are named as the keys of the file.
 *
 * @param listen where clients come in; at least one
 * @param konnectHosts the operator's own host table; empty for the packaged one
 * @param catalog the Konnect host table that is in force
 * @param clients own rules of some clients
 * @param permitAddresses private blocks that may be dialled
 * @param resumption what becomes of a ClientHello that offers a session
 * @param parents proxies to go through, in the order in which they are tried; empty for none
 * @param sourceAddress the local address to dial from; empty for what the system chooses
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
        AuditSettings audit,
        Admin admin) {
    public Configuration {
        listen = List.copyOf(listen);
        permitAddresses = List.copyOf(permitAddresses);
        parents = List.copyOf(parents);
    }

    /** All rules that hold for somebody, those of each client with rules of its own last. */
    public List<RulesInForce> rulesInForce() {
        return RulesInForce.of(rules, clients);
    }

    /** The rows of the catalogue that are switched on for somebody. */
    public List<KonnectHost> enabledHosts() {
        List<RulesInForce> inForce = rulesInForce();
        return catalog.hosts().stream()
                .filter(host -> inForce.stream().anyMatch(each -> each.enables(host)))
                .toList();
    }

    /**
     * One address to listen on, and what it demands of those who come.
     *
     * @param tls empty for a plain one
     * @param credentials htpasswd file of those who may come in with Basic credentials; empty where none are demanded
     * @param sources who may come in at all; empty for everybody
     * @param proxyProtocol peers from whom a PROXY header is demanded; it is refused from all others
     */
    public record ListenerSettings(
            InetSocketAddress address,
            Optional<ServerFiles> tls,
            Optional<String> credentials,
            List<Cidr> sources,
            List<Cidr> proxyProtocol) {
        public ListenerSettings {
            sources = List.copyOf(sources);
            proxyProtocol = List.copyOf(proxyProtocol);
        }

        /** A plain one that demands nothing. */
        public ListenerSettings(InetSocketAddress address) {
            this(address, Optional.empty(), Optional.empty(), List.of(), List.of());
        }
    }

    /** What becomes of a ClientHello that offers to resume a TLS session, the name of which nobody here has seen. */
    public enum Resumption {
        PERMIT,
        REFUSE
    }

    /**
     * A proxy to go through.
     *
     * @param trust who may vouch for its certificate; empty for whom the JVM trusts
     * @param purposes of the hosts that it is for; empty for all there are
     */
    public record Parent(ParentUrl url, Resolving dns, Optional<TrustedCertificates> trust, Set<Purpose> purposes) {
        public Parent {
            purposes = Set.copyOf(purposes);
        }

        /** Who resolves Konnect's names. */
        public enum Resolving {
            /** This proxy: every address is checked, and the parent is asked for a checked one. */
            LOCAL,
            /** The parent: it is asked for the name, and nobody here checks what address that has. */
            PARENT
        }
    }

    /**
     * How names are resolved.
     *
     * @param servers empty for the system's resolvers and hosts file
     * @param timeout for one name as a whole
     * @param family which addresses of a name are dialled, and which of them first
     */
    public record Dns(List<InetSocketAddress> servers, Duration timeout, AddressFamily family) {
        /** The order in which the addresses of a name are tried. */
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
     * Absolute deadlines.
     *
     * @param head for the request head, from the connection's first moment
     * @param connect from the decision to the connection: resolving and all dialling attempts together
     * @param clientHello for the ClientHello, from the 200 on
     * @param idle without a byte in either direction
     * @param drain for tunnels to end by themselves at shutdown
     */
    public record Timeouts(Duration head, Duration connect, Duration clientHello, Duration idle, Duration drain) {}

    /**
     * Upper bounds.
     *
     * @param tunnels client connections at once, silent ones included
     * @param tunnelsPerClient the same for one client address
     * @param pendingPerClient those of them that have no verdict yet
     * @param memory what connections may hold together
     * @param refusalsPerMinute audit lines of refusals for one client in a minute; what comes beyond is summed up
     * @param headBytes of a request head
     */
    public record Limits(
            int tunnels,
            int tunnelsPerClient,
            int pendingPerClient,
            MemoryLimit memory,
            int refusalsPerMinute,
            int headBytes) {
        /** Of {@code refusalsPerMinute}. */
        public static final int DEFAULT_REFUSALS_PER_MINUTE = 60;
    }

    /** Where health is asked. */
    public record Admin(InetSocketAddress address) {}
}
