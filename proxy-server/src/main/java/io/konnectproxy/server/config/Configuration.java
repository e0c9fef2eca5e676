package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.tls.TrustedCertificates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything an operator can set, valid as a whole. The components are named as the keys of the file.
 *
 * @param listen where clients come in; at least one
 * @param konnectHosts the operator's own host table; empty for the packaged one
 * @param catalog the Konnect host table that is in force
 * @param permitAddresses private blocks that may be dialled
 */
public record Configuration(
        List<Listener> listen,
        Optional<String> konnectHosts,
        KonnectCatalog catalog,
        EgressPolicy.Rules rules,
        Dns dns,
        List<Cidr> permitAddresses,
        Timeouts timeouts,
        Limits limits,
        Audit audit,
        Admin admin) {
    public Configuration {
        listen = List.copyOf(listen);
        permitAddresses = List.copyOf(permitAddresses);
    }

    /** The rows of the catalogue that the rules have switched on. */
    public List<KonnectHost> enabledHosts() {
        return catalog.hosts().stream().filter(rules::enables).toList();
    }

    /** One address to listen on. */
    public record Listener(InetSocketAddress address) {}

    /**
     * How names are resolved.
     *
     * @param servers empty for the system's resolvers and hosts file
     * @param timeout for one name as a whole
     */
    public record Dns(List<InetSocketAddress> servers, Duration timeout) {
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
     * @param headBytes of a request head
     */
    public record Limits(int tunnels, int tunnelsPerClient, int headBytes) {}

    /**
     * Where audit lines go; at least one of file and stdout.
     *
     * @param file empty where lines go to standard output only
     * @param sign empty where no checkpoints are signed
     */
    public record Audit(
            Optional<String> file,
            boolean stdout,
            OnFailure onFailure,
            Durability durability,
            Rotation rotate,
            Optional<Signing> sign,
            List<MirrorTarget> mirrors) {
        public Audit {
            mirrors = List.copyOf(mirrors);
        }

        /**
         * Where copies of the lines go besides.
         *
         * @param trust who may vouch for its certificate; empty for whom the JVM trusts
         */
        public record MirrorTarget(MirrorUrl url, Optional<TrustedCertificates> trust) {}

        /** What becomes of requests while the trail cannot be written. */
        public enum OnFailure {
            REFUSE,
            CONTINUE
        }

        /** How far a line has come before the answer leaves: with the operating system, or on the disk. */
        public enum Durability {
            OS,
            DISK
        }

        /**
         * When a new file is begun, and which of the finished ones are removed. All bounds on those hold at once.
         *
         * @param size bytes at which a new file is begun
         * @param daily whether a new one is begun at midnight UTC
         * @param compress whether finished ones are compressed
         * @param keep how many finished ones stay
         * @param keepFor how long a finished one stays, from its last line on
         * @param keepSize bytes that the finished ones may have together
         */
        public record Rotation(
                Optional<Long> size,
                boolean daily,
                boolean compress,
                Optional<Integer> keep,
                Optional<Duration> keepFor,
                Optional<Long> keepSize) {
            /** Whether there ever are finished files. */
            public boolean isOn() {
                return size.isPresent() || daily;
            }

            /** Whether finished files are ever removed. */
            public boolean removes() {
                return keep.isPresent() || keepFor.isPresent() || keepSize.isPresent();
            }
        }

        /**
         * Signed checkpoints.
         *
         * @param key file of an Ed25519 key, PEM
         * @param every lines after which one is due
         * @param interval time after which one is due, if there are new lines
         */
        public record Signing(
                String key,
                Optional<String> keyPasswordFile,
                Optional<Secret> keyPassword,
                int every,
                Duration interval) {}
    }

    /** Where health is asked. */
    public record Admin(InetSocketAddress address) {}
}
