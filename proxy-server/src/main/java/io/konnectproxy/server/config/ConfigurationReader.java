package io.konnectproxy.server.config;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration.Admin;
import io.konnectproxy.server.config.Configuration.Dns;
import io.konnectproxy.server.config.Configuration.Limits;
import io.konnectproxy.server.config.Configuration.Parent;
import io.konnectproxy.server.config.Configuration.Resumption;
import io.konnectproxy.server.config.Configuration.Timeouts;
import io.konnectproxy.server.config.ListenReader.Listeners;
import io.konnectproxy.server.credentials.UsersFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the keys of the file, with their defaults and bounds, and checks them against each other. One instance a pass. */
final class ConfigurationReader {
    private final ConfigurationSection top;
    private final Optional<String> konnectHosts;
    /** Empty if the host table has problems; checks that need the table are skipped then. */
    private final Optional<KonnectCatalog> catalog;

    private final SigningFiles signingFiles;

    ConfigurationReader(
            ConfigurationSection top,
            Optional<String> konnectHosts,
            Optional<KonnectCatalog> catalog,
            SigningFiles signingFiles) {
        this.signingFiles = signingFiles;
        this.top = top;
        this.konnectHosts = konnectHosts;
        this.catalog = catalog;
    }

    /**
     * The result of {@link #read}.
     *
     * @param facts of each listener
     */
    record Result(Configuration configuration, List<ListenerFacts> facts) {}

    /** Reads the configuration, which is valid only if no problem was found. */
    Optional<Result> read() {
        Listeners listeners = ListenReader.read(top);
        int beforeRules = top.problems();
        Optional<EgressPolicy.Rules> rules = new RulesReader(catalog).common(top);
        int before = top.problems();
        EgressPolicy.Clients clients = ClientsReader.read(top, catalog, rules, listeners);
        // Checks across keys are skipped after a problem: they would report its consequences.
        Optional<List<RulesInForce>> inForce =
                rules.filter(any -> top.problems() == before).map(common -> RulesInForce.of(common, clients));
        Dns dns = dns();
        List<Cidr> permitAddresses =
                top.list("permit-addresses", ConfigurationReader::permitted).orElse(List.of());
        requireFamily(permitAddresses, dns.family());
        inForce.filter(any -> top.problems() == beforeRules)
                .ifPresent(all -> catalog.ifPresent(table -> requireEffect(table, all)));
        Resumption resumption = top.value("resumption", Resumption.PERMIT, Values.choice(Resumption.class));
        Admin admin = admin(listeners.addresses());
        int beforeParents = top.problems();
        List<Parent> parents =
                ParentsReader.read(top, own(listeners, admin), dns.family(), inForce.map(RulesInForce::purposes));
        if (!permitAddresses.isEmpty()
                && top.problems() == beforeParents
                && inForce.filter(all -> !addressesMatter(all, parents)).isPresent()) {
            top.problem(
                    "permit-addresses",
                    "no address is ever looked at, for the parents of these hosts resolve names themselves; take"
                            + " 'dns: local' for one, or leave the blocks out");
        }
        Optional<InetAddress> source = SourceAddress.read(top, dns.family(), parents);
        Timeouts timeouts = timeouts();
        Limits limits = limits();
        String instance = top.value("instance", InstanceName.ofThisMachine(), InstanceName::parse);
        AuditSettings audit = AuditReader.read(top, parents, signingFiles);
        return catalog.flatMap(table -> rules.map(present -> new Configuration(
                        listeners.all(),
                        konnectHosts,
                        table,
                        present,
                        clients,
                        dns,
                        permitAddresses,
                        resumption,
                        parents,
                        source,
                        timeouts,
                        limits,
                        instance,
                        audit,
                        admin)))
                .map(configuration -> new Result(configuration, listeners.facts()));
    }

    private static Cidr permitted(String text) {
        Cidr block = Values.parsed(Cidr::parse).apply(text);
        AddressCheck.whyNever(block).ifPresent(use -> {
            throw new IllegalArgumentException("is never dialled, permitted or not: " + use + "; leave it out");
        });
        return block;
    }

    /** Rejects IPv6 blocks if only IPv4 is dialled. IPv4 blocks also match IPv6 addresses that embed an IPv4 address. */
    private void requireFamily(List<Cidr> permitted, Dns.AddressFamily family) {
        permitted.stream()
                .filter(block -> family == Dns.AddressFamily.IPV4_ONLY && !SourceAddress.isIpv4(block.network()))
                .forEach(block -> top.problem(
                        "permit-addresses",
                        "no IPv6 address is ever dialled while dns.family is ipv4-only; leave " + block
                                + " out, or change one of them"));
    }

    private void requireEffect(KonnectCatalog table, List<RulesInForce> all) {
        if (all.stream().allMatch(each -> each.permitsNothing(table))) {
            top.problem(
                    "purposes",
                    "nothing is permitted, for none of the purposes has a host in the regions; add one of either");
            return;
        }
        for (OpenLabel place : OpenLabel.values()) {
            List<RulesInForce> pinning =
                    all.stream().filter(each -> each.pins(place)).toList();
            if (!pinning.isEmpty() && pinning.stream().noneMatch(each -> each.has(place, table))) {
                top.problem(
                        place.key(),
                        "none of the purposes has hosts of " + place.plural() + " ("
                                + Values.joined(RulesInForce.purposes(all)) + "); "
                                + RulesReader.addOrLeaveOut(table, place));
            }
        }
    }

    /** Hosts without a purpose are extra hosts, and refused hosts that report-only mode lets through. */
    private static boolean addressesMatter(List<RulesInForce> all, List<Parent> parents) {
        boolean ownHosts = all.stream()
                .anyMatch(each ->
                        !each.rules().extraHosts().isEmpty() || each.rules().mode() == EgressPolicy.Mode.REPORT_ONLY);
        return Routes.addressesMatter(RulesInForce.purposes(all), ownHosts, parents);
    }

    private static Set<InetSocketAddress> own(Listeners listeners, Admin admin) {
        Set<InetSocketAddress> own = new HashSet<>(listeners.addresses());
        own.add(admin.address());
        return own;
    }

    private Dns dns() {
        try (ConfigurationSection dns = top.section("dns")) {
            return new Dns(
                    dns.list("servers", SocketAddresses::nameServer).orElse(List.of()),
                    dns.value("timeout", Duration.ofSeconds(2), Values.duration(Duration.ofSeconds(30))),
                    dns.value("family", Dns.AddressFamily.IPV4_FIRST, Values.choice(Dns.AddressFamily.class)));
        }
    }

    private Timeouts timeouts() {
        try (ConfigurationSection timeouts = top.section("timeouts")) {
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
        try (ConfigurationSection limits = top.section("limits")) {
            return new Limits(
                    limits.value("tunnels", 10_000, Values.count(1_000_000)),
                    limits.value("tunnels-per-client", 1_000, Values.count(1_000_000)),
                    limits.value("pending-per-client", 100, Values.count(1_000_000)),
                    limits.value("memory", new MemoryLimit.Percentage(40), MemoryLimit::parse),
                    limits.value(
                            "refusals-per-minute",
                            Limits.DEFAULT_REFUSALS_PER_MINUTE,
                            ConfigurationReader::refusalsPerMinute),
                    limits.value("head-bytes", 16L << 10, Values.size(1 << 10, 64 << 10))
                            .intValue());
        }
    }

    private static int refusalsPerMinute(String text) {
        if (text.equals("0")) {
            throw new IllegalArgumentException(
                    "would leave every refusal without a line that says who asked for what; must" + " be from 1 to "
                            + RefusalSums.MOST_LINES_A_CLIENT);
        }
        return Values.count(RefusalSums.MOST_LINES_A_CLIENT).apply(text);
    }

    private static String users(String text) {
        String file = NamedFile.readable(text);
        UsersFile.read(file);
        return file;
    }

    private Admin admin(List<InetSocketAddress> listeners) {
        try (ConfigurationSection section = top.section("admin", Optional.of("address"))) {
            InetSocketAddress address = section.value(
                    "address", new InetSocketAddress(SocketAddresses.LOOPBACK, 9090), SocketAddresses::listening);
            if (listeners.stream().anyMatch(listener -> SocketAddresses.collide(listener, address))) {
                section.problem(
                        "address", SocketAddresses.text(address) + " is a listener's already; take another port");
            }
            boolean page = section.value("page", true, Values::flag);
            Optional<String> credentials = section.demand(
                    "credentials",
                    RedactedException.hidingUnless(NamedFile::isNoLogin, "the file", ConfigurationReader::users));
            return new Admin(address, page, credentials);
        }
    }
}
