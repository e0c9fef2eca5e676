package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.archive.S3Settings.HttpProxy;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.siem.LineFormat;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Describes a configuration for the operator; contains no secrets. */
public final class ConfigurationSummary {
    private final LoadedConfiguration loaded;
    private final Configuration configuration;

    public ConfigurationSummary(LoadedConfiguration loaded) {
        this.loaded = loaded;
        this.configuration = loaded.configuration();
    }

    /**
     * One line of {@link #values}.
     *
     * @param origin the key whose value decided
     */
    record Value(String key, String text, String origin) {
        Value(String key, String text) {
            this(key, text, key);
        }
    }

    /**
     * One key with its effective value.
     *
     * @param origin where the value came from, as in {@link LoadedConfiguration#origins}
     */
    public record Setting(String key, String value, String origin) {}

    /**
     * The lines that are shown when the proxy starts.
     *
     * @param bound the bound addresses, with the ports that the system chose
     * @param admin that of the admin server
     */
    public List<String> startUp(List<InetSocketAddress> bound, InetSocketAddress admin) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < bound.size(); i++) {
            String demands = demands(i);
            lines.add("listening on " + SocketAddresses.text(bound.get(i))
                    + (demands.isEmpty() ? "" : ", with " + demands));
        }
        lines.addAll(permitted());
        if (!configuration.rules().extraHosts().isEmpty()) {
            lines.add("permits extra hosts " + extraHosts());
        }
        lines.addAll(AccessSummary.parents(configuration.parents()));
        lines.add("audit goes to " + auditDestination());
        lines.add(adminUrls(admin));
        lines.addAll(withheldPage());
        loaded.warnings().forEach(warning -> lines.add("warning: " + warning));
        return List.copyOf(lines);
    }

    private String adminUrls(InetSocketAddress admin) {
        String url = "http://"
                + (admin.getAddress().isAnyLocalAddress()
                        ? "ADDRESS-OF-THIS-MACHINE:" + admin.getPort()
                        : SocketAddresses.text(admin));
        boolean shown = configuration.admin().page() && !configuration.admin().isPageWithheld();
        return (shown ? "the live page is at " + url + "/, metrics are" : "metrics are") + " at " + url + "/metrics";
    }

    private String demands(int listener) {
        return AccessSummary.demands(
                configuration.listen().get(listener), loaded.facts().get(listener));
    }

    private List<String> permitted() {
        List<String> lines = new ArrayList<>();
        if (configuration.clients().only()) {
            lines.add("permits nothing to clients without an entry");
        } else {
            lines.add("permits regions " + Values.joined(configuration.rules().regions()) + "; purposes "
                    + Values.joined(configuration.rules().purposes()) + "; " + pins());
        }
        configuration.clients().entries().forEach(entry -> lines.add("permits " + AccessSummary.client(entry)));
        return lines;
    }

    /** Every key with its value and its origin, then a summary of what is permitted, then the warnings. */
    public List<String> full() {
        List<String> lines = new ArrayList<>();
        for (Setting setting : settings()) {
            lines.add(String.format(Locale.ROOT, "%-28s %-38s (%s)", setting.key(), setting.value(), setting.origin()));
        }
        lines.add("");
        for (int i = 0; i < configuration.listen().size(); i++) {
            String demands = demands(i);
            lines.add(SocketAddresses.text(configuration.listen().get(i).address()) + ": "
                    + (demands.isEmpty() ? "plain; anyone may come in" : demands));
        }
        if (!configuration.clients().equals(EgressPolicy.Clients.none())) {
            lines.addAll(permitted());
        }
        lines.addAll(AccessSummary.parents(configuration.parents()));
        lines.add("Permitted on port 443: " + configuration.enabledHosts().size() + " Konnect host patterns, "
                + configuration.rules().extraHosts().size() + " of extra-hosts, "
                + (configuration.clients().equals(EgressPolicy.Clients.none()) ? pins() : "each client its own")
                + ".");
        lines.addAll(withheldPage());
        loaded.warnings().forEach(warning -> lines.add("warning: " + warning));
        return List.copyOf(lines);
    }

    /** Where the page was asked for, there is a warning instead. */
    private List<String> withheldPage() {
        return configuration.admin().isPageWithheld() && !AdminWarnings.asksForPage(loaded.origins())
                ? List.of("the live page is off, for " + Configuration.Admin.WITHHELD)
                : List.of();
    }

    /** Every key of a configuration with its value as text. Sets are sorted. */
    public static SortedMap<String, String> texts(Configuration configuration) {
        SortedMap<String, String> texts = new TreeMap<>();
        new ConfigurationSummary(new LoadedConfiguration(configuration, List.of(), List.of(), Map.of(), Set.of()))
                .values()
                .forEach(value -> texts.put(value.key(), value.text()));
        return texts;
    }

    /** Every key, in the order of the shipped file. */
    public List<Setting> settings() {
        return values().stream()
                .map(value -> new Setting(
                        value.key(),
                        value.text(),
                        String.valueOf(loaded.origins().get(value.origin()))))
                .toList();
    }

    /** In the order of the shipped file. */
    List<Value> values() {
        Configuration.Timeouts timeouts = configuration.timeouts();
        Configuration.Limits limits = configuration.limits();
        List<Value> values = new ArrayList<>(List.of(
                new Value(
                        "listen",
                        addresses(configuration.listen().stream()
                                .map(Configuration.ListenerSettings::address)
                                .toList())),
                new Value("regions", Values.joined(configuration.rules().regions())),
                new Value("purposes", Values.joined(configuration.rules().purposes())),
                pinned(OpenLabel.CONTROL_PLANE),
                pinned(OpenLabel.PORTAL),
                pinned(OpenLabel.TENANT),
                new Value("mode", Values.name(configuration.rules().mode())),
                new Value("extra-hosts", orNone(extraHosts())),
                new Value("konnect-hosts", configuration.konnectHosts().orElse("the table in the program")),
                new Value(
                        "clients", orNone(Values.listed(configuration.clients().entries(), ClientEntry::name))),
                new Value(
                        "clients-only", Boolean.toString(configuration.clients().only())),
                new Value(
                        "parents",
                        orNone(Values.listed(
                                configuration.parents(), parent -> parent.url().toString()))),
                new Value(
                        "source-address",
                        configuration.sourceAddress().map(SourceAddress::text).orElse("the system's choice")),
                new Value(
                        "dns.servers",
                        configuration.dns().servers().isEmpty()
                                ? "the system's"
                                : addresses(configuration.dns().servers())),
                new Value("dns.timeout", Values.text(configuration.dns().timeout())),
                new Value("dns.family", Values.name(configuration.dns().family())),
                new Value(
                        "permit-addresses",
                        orNone(configuration.permitAddresses().stream()
                                .map(Cidr::toString)
                                .collect(Collectors.joining(", ")))),
                new Value("resumption", Values.name(configuration.resumption())),
                new Value("timeouts.head", Values.text(timeouts.head())),
                new Value("timeouts.connect", Values.text(timeouts.connect())),
                new Value("timeouts.client-hello", Values.text(timeouts.clientHello())),
                new Value("timeouts.idle", Values.text(timeouts.idle())),
                new Value("timeouts.drain", Values.text(timeouts.drain())),
                new Value("limits.tunnels", Integer.toString(limits.tunnels())),
                new Value("limits.tunnels-per-client", Integer.toString(limits.tunnelsPerClient())),
                new Value("limits.pending-per-client", Integer.toString(limits.pendingPerClient())),
                new Value("limits.memory", limits.memory().toString()),
                new Value("limits.refusals-per-minute", Integer.toString(limits.refusalsPerMinute())),
                new Value("limits.head-bytes", Values.sizeText(limits.headBytes())),
                new Value("instance", configuration.instance()),
                new Value("audit.file", orNone(configuration.audit().file().orElse(""))),
                new Value("audit.stdout", stdout(configuration.audit().stdout()))));
        values.addAll(trail(configuration.audit()));
        Configuration.Admin admin = configuration.admin();
        values.add(new Value("admin.address", SocketAddresses.text(admin.address())));
        values.add(new Value("admin.page", Boolean.toString(admin.page())));
        values.add(new Value("admin.credentials", orNone(admin.credentials().orElse(""))));
        return values;
    }

    private static List<Value> trail(AuditSettings audit) {
        AuditSettings.Rotation rotate = audit.rotate();
        List<Value> values = new ArrayList<>(List.of(
                new Value("audit.on-failure", Values.name(audit.onFailure())),
                new Value("audit.durability", Values.name(audit.durability())),
                new Value(
                        "audit.rotate.size", rotate.size().map(Values::sizeText).orElse("never")),
                new Value("audit.rotate.daily", Boolean.toString(rotate.daily())),
                new Value("audit.rotate.compress", Boolean.toString(rotate.compress())),
                new Value(
                        "audit.rotate.keep", rotate.keep().map(Object::toString).orElse("all")),
                new Value(
                        "audit.rotate.keep-for",
                        rotate.keepFor().map(Values::text).orElse("for ever")),
                new Value(
                        "audit.rotate.keep-size",
                        rotate.keepSize().map(Values::sizeText).orElse("any")),
                new Value(
                        "audit.sign.key",
                        audit.sign().map(AuditSettings.Signing::key).orElse("none")),
                new Value(
                        "audit.sign.key-password-file",
                        orNone(audit.sign()
                                .flatMap(AuditSettings.Signing::keyPasswordFile)
                                .orElse("")))));
        audit.sign()
                .flatMap(AuditSettings.Signing::keyPassword)
                .ifPresent(secret -> values.add(new Value("audit.sign.key-password", secret.toString())));
        values.add(new Value(
                "audit.sign.every",
                audit.sign().map(sign -> sign.every() + " lines").orElse("never, for there is no key"),
                signed(audit, "audit.sign.every")));
        values.add(new Value(
                "audit.sign.interval",
                audit.sign().map(sign -> Values.text(sign.interval())).orElse("never, for there is no key"),
                signed(audit, "audit.sign.interval")));
        values.add(new Value(
                "audit.mirrors",
                orNone(audit.mirrors().stream()
                        .map(mirror -> mirror.url()
                                + (mirror.format() == LineFormat.LINE ? "" : " as " + Values.name(mirror.format()))
                                + mirror.trust()
                                        .map(trust -> " (trusts " + trust.file() + ")")
                                        .orElse(""))
                        .collect(Collectors.joining(", ")))));
        values.addAll(archive(audit));
        return values;
    }

    private static List<Value> archive(AuditSettings audit) {
        Optional<Archive> archive = audit.archive();
        Optional<S3Settings> store = archive.map(Archive::store);
        Optional<Duration> retainFor = archive.flatMap(Archive::retainFor);
        String none = "nothing is archived";
        return List.of(
                new Value(
                        "audit.archive.url",
                        archive.map(each -> each.url().toString()).orElse("none")),
                new Value(
                        "audit.archive.endpoint",
                        store.flatMap(S3Settings::endpoint)
                                .map(Object::toString)
                                .orElse("none")),
                new Value(
                        "audit.archive.region",
                        store.flatMap(S3Settings::region).orElse("none")),
                new Value(
                        "audit.archive.trust",
                        store.flatMap(S3Settings::trust)
                                .map(TrustedCertificates::file)
                                .orElse("none")),
                new Value(
                        "audit.archive.retain-for", retainFor.map(Values::text).orElse("none")),
                new Value(
                        "audit.archive.lock",
                        retainFor
                                .map(any ->
                                        archive.filter(Archive::compliance).isPresent() ? "compliance" : "governance")
                                .orElse("none")),
                new Value(
                        "audit.archive.keep-unarchived",
                        archive.map(each -> Boolean.toString(each.keepUnarchived()))
                                .orElse(none)),
                new Value(
                        "audit.archive.parent",
                        store.flatMap(S3Settings::proxy)
                                .map(ConfigurationSummary::url)
                                .orElse("none")));
    }

    /** Without credentials. */
    private static String url(HttpProxy proxy) {
        return new ParentUrl(proxy.tls(), proxy.host(), proxy.port(), Optional.empty()).toString();
    }

    /** Without a key, it is what is said of the key that decides. */
    private static String signed(AuditSettings audit, String key) {
        return audit.sign().isPresent() ? key : "audit.sign.key";
    }

    private Value pinned(OpenLabel place) {
        return new Value(
                place.key(),
                orNone(Values.joined(TenantLabel.of(place, configuration.rules().pins()))));
    }

    private String pins() {
        return AccessSummary.pins(configuration.rules().pins());
    }

    private String extraHosts() {
        return configuration.rules().extraHosts().stream()
                .map(host -> host.host() + " (" + host.name() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String stdout(AuditSettings.Stdout stdout) {
        return switch (stdout) {
            case OFF -> "false";
            case ON -> "true";
            case JSON -> "json";
        };
    }

    private String auditDestination() {
        AuditSettings audit = configuration.audit();
        String file = audit.file().orElse("");
        String destination = audit.stdout() != AuditSettings.Stdout.OFF
                ? (file.isEmpty() ? "" : file + " and ") + "standard output"
                : file;
        return destination
                + mirrors(audit)
                + audit.archive()
                        .map(archive -> ", finished files to " + archive.place())
                        .orElse("")
                + (audit.onFailure() == AuditSettings.OnFailure.REFUSE
                        ? "; nothing is permitted while it cannot be written"
                        : "; tunnels are permitted even while it cannot be written");
    }

    private static String mirrors(AuditSettings audit) {
        return audit.mirrors().isEmpty()
                ? ""
                : ", copies to "
                        + audit.mirrors().stream()
                                .map(mirror -> mirror.url().toString())
                                .collect(Collectors.joining(", "));
    }

    private static String addresses(List<InetSocketAddress> addresses) {
        return addresses.stream().map(SocketAddresses::text).collect(Collectors.joining(", "));
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }
}
