package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the keys of a rule set, for all clients or for one entry of {@code clients}. One instance a pass. */
final class RulesReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** Empty if the host table has problems; checks that need the table are skipped then. */
    private final Optional<KonnectCatalog> catalog;

    RulesReader(Optional<KonnectCatalog> catalog) {
        this.catalog = catalog;
    }

    /** The rules of all clients; empty if no region is valid. */
    Optional<EgressPolicy.Rules> common(ConfigurationSection top) {
        Optional<List<Region>> regions = regions(top);
        Set<Purpose> purposes = purposes(top)
                .map(named -> atLeastOnePurpose(top, named))
                .orElseGet(() -> catalog.map(KonnectCatalog::defaultPurposes).orElse(Set.of()));
        Set<TenantLabel> pins = new HashSet<>();
        for (OpenLabel place : OpenLabel.values()) {
            pins(top, place).ifPresent(pins::addAll);
        }
        EgressPolicy.Mode mode = top.value("mode", EgressPolicy.Mode.ENFORCE, Values.choice(EgressPolicy.Mode.class));
        List<ExtraHost> extraHosts = extraHosts(top);
        if (regions.isPresent() ? regions.get().isEmpty() : !top.isSet("regions")) {
            top.problem("regions", "at least one Konnect region must be named" + known());
        }
        if (regions.isEmpty() || regions.get().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EgressPolicy.Rules(Set.copyOf(regions.get()), purposes, pins, extraHosts, mode));
    }

    Optional<List<Region>> regions(ConfigurationSection section) {
        return section.list(
                "regions",
                catalog.map(table -> Values.oneOf("Konnect region", table.regions()))
                        .orElse(Values.parsed(Region::new)));
    }

    Optional<List<Purpose>> purposes(ConfigurationSection section) {
        return section.list(
                "purposes",
                catalog.map(table -> Values.oneOf("purpose of Konnect hosts", table.purposes()))
                        .orElse(Values.parsed(Purpose::new)));
    }

    /** The pins of one open label. */
    Optional<List<TenantLabel>> pins(ConfigurationSection section, OpenLabel place) {
        section.refuseBlankVariable(place.key());
        return section.list(place.key(), text -> pin(place, text));
    }

    /** The remedy for pins that match no enabled host. */
    static String addOrLeaveOut(KonnectCatalog table, OpenLabel place) {
        List<Purpose> purposes = table.hosts().stream()
                .filter(host -> host.has(place))
                .map(KonnectHost::purpose)
                .distinct()
                .toList();
        return (purposes.isEmpty() ? "" : "add " + Values.joined(purposes) + ", or ") + "leave the key out";
    }

    private String known() {
        return catalog.map(table -> ", of " + Values.joined(table.regions())).orElse("");
    }

    private static Set<Purpose> atLeastOnePurpose(ConfigurationSection top, List<Purpose> purposes) {
        if (purposes.isEmpty()) {
            top.problem("purposes", "at least one purpose must be named; leave the key out for the default");
        }
        return Set.copyOf(purposes);
    }

    private TenantLabel pin(OpenLabel place, String text) {
        if (ControlPlaneId.is(place, text)) {
            throw new IllegalArgumentException("is a control plane's ID; write the prefix of its host names,"
                    + " like 0646a7d680 of 0646a7d680.us.cp0.konghq.com");
        }
        owner(text).ifPresent(label -> {
            throw new IllegalArgumentException("is a whole host name; write its first label, " + label
                    + (label.place() == place ? "" : ", in '" + label.place().key() + "'")
                    + Meant.didYouMean(label.place().key() + ": [" + label + "]"));
        });
        try {
            return new TenantLabel(place, text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not right: " + e.getMessage() + likelyPin(place, text), e);
        }
    }

    /** The pin without blanks and quotes around it, in lower case, if that is one. */
    private static String likelyPin(OpenLabel place, String text) {
        String plain = text.replaceAll("^[\\s'\"`]+|[\\s'\"`]+$", "").toLowerCase(Locale.ROOT);
        try {
            return Meant.didYouMean(new TenantLabel(place, plain).text());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The tenant label of a whole Konnect host name or URL; empty for other text. */
    private Optional<TenantLabel> owner(String text) {
        String host = text.replaceFirst("^https?://", "").replaceFirst("[:/].*", "");
        if (host.indexOf('.') < 0 || !(HostName.read(host) instanceof HostName name)) {
            return Optional.empty();
        }
        return catalog.flatMap(table -> table.find(name)).flatMap(KonnectMatch::label);
    }

    private static List<ExtraHost> extraHosts(ConfigurationSection top) {
        List<ExtraHost> hosts = top.sections("extra-hosts", Optional.empty(), RulesReader::extraHost)
                .orElse(List.of());
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

    private static Optional<ExtraHost> extraHost(ConfigurationSection section) {
        Optional<String> name = section.required("name", RulesReader::entryName);
        Optional<HostName> host = section.required("host", RulesReader::hostName);
        Set<HostName> expectedSni =
                Set.copyOf(section.list("expected-sni", RulesReader::hostName).orElse(List.of()));
        return name.flatMap(n -> host.map(h -> new ExtraHost(n, h, expectedSni)));
    }

    /** Parses the name of an entry, which is written to audit lines. */
    static String entryName(String text) {
        if (!NAME.matcher(text).matches()) {
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
                                : "must be one exact host name without port or wildcard" + likelyHost(text));
    }

    /** The host of a URL without a user, or of a host with its port. */
    private static String likelyHost(String text) {
        String host = text.strip().replaceFirst("^https?://", "").replaceFirst("[:/][^@]*$", "");
        return !host.equals(text) && host.indexOf('.') > 0 && HostName.read(host) instanceof HostName name
                ? Meant.didYouMean(name.toString())
                : "";
    }
}
