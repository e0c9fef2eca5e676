package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.ControlPlane;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.server.config.Configuration.Admin;
import io.konnectproxy.server.config.Configuration.Audit;
import io.konnectproxy.server.config.Configuration.Dns;
import io.konnectproxy.server.config.Configuration.Limits;
import io.konnectproxy.server.config.Configuration.Listener;
import io.konnectproxy.server.config.Configuration.Timeouts;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Names every key, its default and its bounds. One instance a pass. */
final class ConfigurationReader {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern EXTRA_HOST_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Section top;
    private final Optional<String> konnectHosts;
    /** Empty where the table has problems; what depends on it is not checked then. */
    private final Optional<KonnectCatalog> catalog;

    ConfigurationReader(Section top, Optional<String> konnectHosts, Optional<KonnectCatalog> catalog) {
        this.top = top;
        this.konnectHosts = konnectHosts;
        this.catalog = catalog;
    }

    /** The configuration; to be used only if no problem came up. */
    Optional<Configuration> read() {
        List<Listener> listen = listen();
        Optional<EgressPolicy.Rules> rules = rules();
        Dns dns = dns();
        List<Cidr> permitAddresses =
                top.list("permit-addresses", Values.parsed(Cidr::parse)).orElse(List.of());
        Timeouts timeouts = timeouts();
        Limits limits = limits();
        Audit audit = AuditReader.read(top);
        Admin admin = admin(listen);
        return catalog.flatMap(table -> rules.map(present -> new Configuration(
                listen,
                konnectHosts,
                table,
                present,
                EgressPolicy.Clients.none(),
                dns,
                permitAddresses,
                List.of(),
                Optional.empty(),
                timeouts,
                limits,
                audit,
                admin)));
    }

    private List<Listener> listen() {
        List<Listener> listeners = top.sections(
                        "listen",
                        Optional.of("address"),
                        section -> section.required("address", SocketAddresses::listening)
                                .map(Listener::new))
                .orElse(List.of(new Listener(new InetSocketAddress(SocketAddresses.LOOPBACK, 3128))));
        for (int i = 0; i < listeners.size(); i++) {
            for (Listener other : listeners.subList(0, i)) {
                if (collide(listeners.get(i).address(), other.address())) {
                    top.problem("listen", "two listeners are on " + text(listeners.get(i)) + "; keep one");
                }
            }
        }
        if (listeners.isEmpty()) {
            top.problem("listen", "at least one address to listen on is needed, like [{address: 127.0.0.1:3128}]");
        }
        return listeners;
    }

    private static String text(Listener listener) {
        return SocketAddresses.text(listener.address());
    }

    /** Whether the second of two could not be bound. Port 0 is another one each time. */
    private static boolean collide(InetSocketAddress a, InetSocketAddress b) {
        return a.getPort() != 0
                && a.getPort() == b.getPort()
                && (a.getAddress().equals(b.getAddress())
                        || a.getAddress().isAnyLocalAddress()
                        || b.getAddress().isAnyLocalAddress());
    }

    private Optional<EgressPolicy.Rules> rules() {
        Optional<List<Region>> regions = top.list(
                "regions",
                catalog.map(table -> Values.oneOf("Konnect region", table.regions()))
                        .orElse(Values.parsed(Region::new)));
        Set<Purpose> purposes = top.list(
                        "purposes",
                        catalog.map(table -> Values.oneOf("purpose of Konnect hosts", table.purposes()))
                                .orElse(Values.parsed(Purpose::new)))
                .map(this::atLeastOnePurpose)
                .orElseGet(() -> catalog.map(KonnectCatalog::defaultPurposes).orElse(Set.of()));
        Set<ControlPlane> pins = Set.copyOf(
                top.list("control-planes", ConfigurationReader::controlPlane).orElse(List.of()));
        EgressPolicy.Mode mode = top.value("mode", EgressPolicy.Mode.ENFORCE, Values.choice(EgressPolicy.Mode.class));
        List<ExtraHost> extraHosts = extraHosts();
        if (regions.isPresent() ? regions.get().isEmpty() : !top.isSet("regions")) {
            top.problem("regions", "at least one Konnect region must be named" + known());
        }
        if (regions.isEmpty() || regions.get().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EgressPolicy.Rules(Set.copyOf(regions.get()), purposes, pins, extraHosts, mode));
    }

    private String known() {
        return catalog.map(table -> ", of " + Values.joined(table.regions())).orElse("");
    }

    private Set<Purpose> atLeastOnePurpose(List<Purpose> purposes) {
        if (purposes.isEmpty()) {
            top.problem("purposes", "at least one purpose must be named; leave the key out for the default");
        }
        return Set.copyOf(purposes);
    }

    private static ControlPlane controlPlane(String text) {
        if (UUID.matcher(text).matches()) {
            throw new IllegalArgumentException("is a control plane's ID; write the prefix of its host names,"
                    + " like 0646a7d680 of 0646a7d680.us.cp0.konghq.com");
        }
        return Values.parsed(ControlPlane::new).apply(text);
    }

    private List<ExtraHost> extraHosts() {
        List<ExtraHost> hosts =
                top.sections("extra-hosts", Optional.empty(), this::extraHost).orElse(List.of());
        Set<String> names = new HashSet<>();
        Set<HostName> targets = new HashSet<>();
        for (ExtraHost host : hosts) {
            if (!names.add(host.name())) {
                top.problem("extra-hosts", "two entries have the name '" + host.name() + "'");
            }
            if (!targets.add(host.host())) {
                top.problem("extra-hosts", "two entries are for '" + host.host() + "'");
            }
        }
        return hosts;
    }

    private Optional<ExtraHost> extraHost(Section section) {
        Optional<String> name = section.required("name", ConfigurationReader::extraHostName);
        Optional<HostName> host = section.required("host", ConfigurationReader::hostName);
        Set<HostName> expectedSni = Set.copyOf(
                section.list("expected-sni", ConfigurationReader::hostName).orElse(List.of()));
        return name.flatMap(n -> host.map(h -> new ExtraHost(n, h, expectedSni)));
    }

    private static String extraHostName(String text) {
        if (!EXTRA_HOST_NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("must be letters, digits, '.', '_' and '-', at most 63");
        }
        return text;
    }

    private static HostName hostName(String text) {
        ConnectTarget target = ConnectTarget.parse(text + ":" + EgressPolicy.PORT);
        if (target instanceof Authority authority) {
            return authority.host();
        }
        throw new IllegalArgumentException(
                target instanceof ConnectTarget.RootedName
                        ? "must not end in a dot"
                        : target instanceof ConnectTarget.IpLiteral
                                ? "is an IP address; a host name is needed"
                                : "must be one exact host name without port or wildcard");
    }

    private Dns dns() {
        try (Section dns = top.section("dns")) {
            return new Dns(
                    dns.list("servers", SocketAddresses::nameServer).orElse(List.of()),
                    dns.value("timeout", Duration.ofSeconds(2), Values.duration(Duration.ofSeconds(30))),
                    Dns.Family.IPV4_FIRST);
        }
    }

    private Timeouts timeouts() {
        try (Section timeouts = top.section("timeouts")) {
            Function<String, Duration> upToFiveMinutes = Values.duration(Duration.ofMinutes(5));
            Function<String, Duration> upToADay = Values.duration(Duration.ofHours(24));
            return new Timeouts(
                    timeouts.value("head", Duration.ofSeconds(10), upToFiveMinutes),
                    timeouts.value("connect", Duration.ofSeconds(4), upToFiveMinutes),
                    timeouts.value("client-hello", Duration.ofSeconds(10), upToFiveMinutes),
                    timeouts.value("idle", Duration.ofMinutes(15), upToADay),
                    timeouts.value("drain", Duration.ofSeconds(30), upToADay));
        }
    }

    private Limits limits() {
        try (Section limits = top.section("limits")) {
            return new Limits(
                    limits.value("tunnels", 10_000, Values.count(1_000_000)),
                    limits.value("tunnels-per-client", 1_000, Values.count(1_000_000)),
                    limits.value("head-bytes", 16L << 10, Values.size(1 << 10, 64 << 10))
                            .intValue());
        }
    }

    private Admin admin(List<Listener> listeners) {
        try (Section section = top.section("admin")) {
            InetSocketAddress address = section.value(
                    "address", new InetSocketAddress(SocketAddresses.LOOPBACK, 9090), SocketAddresses::listening);
            if (listeners.stream().anyMatch(listener -> collide(listener.address(), address))) {
                section.problem(
                        "address", SocketAddresses.text(address) + " is a listener's already; take another port");
            }
            return new Admin(address);
        }
    }
}
