package io.konnectproxy.server.config;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.ListenReader.Listeners;
import io.konnectproxy.server.credentials.UserName;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code clients}, and rejects entries that can never match a client. One instance a pass. */
final class ClientsReader {
    private final Optional<KonnectCatalog> catalog;
    private final Optional<EgressPolicy.Rules> common;
    private final Listeners listeners;
    private final Map<String, String> matches = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private ClientsReader(Optional<KonnectCatalog> catalog, Optional<EgressPolicy.Rules> common, Listeners listeners) {
        this.catalog = catalog;
        this.common = common;
        this.listeners = listeners;
    }

    /** @param common the rules of all clients, which supply what an entry leaves out */
    static EgressPolicy.Clients read(
            ConfigurationSection top,
            Optional<KonnectCatalog> catalog,
            Optional<EgressPolicy.Rules> common,
            Listeners listeners) {
        ClientsReader reader = new ClientsReader(catalog, common, listeners);
        top.refuseBlankVariable("clients");
        Optional<List<ClientEntry>> entries = top.sections("clients", Optional.empty(), reader::entry);
        boolean only = top.value("clients-only", false, Values::flag);
        if (only && (entries.isPresent() ? entries.get().isEmpty() : !top.isSet("clients"))) {
            top.problem(
                    "clients-only",
                    "there are no 'clients', so nobody could reach anything; add entries, or leave it out");
        }
        return new EgressPolicy.Clients(entries.orElse(List.of()), only);
    }

    private Optional<ClientEntry> entry(ConfigurationSection section) {
        Optional<String> name = section.required("name", RulesReader::entryName);
        Optional<Match> match = match(section, name.orElse("?"));
        RulesReader rules = new RulesReader(catalog);
        Optional<List<Region>> regions = requireNonEmpty(section, "regions", "Konnect region", rules.regions(section));
        Optional<List<Purpose>> purposes = requireNonEmpty(section, "purposes", "purpose", rules.purposes(section));
        Map<OpenLabel, List<TenantLabel>> pins = new EnumMap<>(OpenLabel.class);
        for (OpenLabel place : OpenLabel.values()) {
            rules.pins(section, place).ifPresent(own -> pins.put(place, own));
        }
        name.ifPresent(present -> requireUnique(section, "name", names, present, present));
        if (name.isEmpty() || match.isEmpty() || common.isEmpty() || !section.isSound()) {
            return Optional.empty();
        }
        EgressPolicy.Rules others = common.get();
        ClientEntry entry = new ClientEntry(
                name.get(),
                match.get(),
                regions.map(Set::copyOf).orElse(others.regions()),
                purposes.map(Set::copyOf).orElse(others.purposes()),
                pins(pins, others));
        requireEffect(section, entry, pins.keySet(), others);
        return Optional.of(entry);
    }

    /** The pins of an entry: for each open label its own, or those of all clients if the entry does not have the key. */
    private static Set<TenantLabel> pins(Map<OpenLabel, List<TenantLabel>> own, EgressPolicy.Rules others) {
        Set<TenantLabel> pins = new HashSet<>();
        for (OpenLabel place : OpenLabel.values()) {
            pins.addAll(own.containsKey(place) ? own.get(place) : TenantLabel.of(place, others.pins()));
        }
        return pins;
    }

    private static <T> Optional<List<T>> requireNonEmpty(
            ConfigurationSection section, String key, String what, Optional<List<T>> values) {
        values.filter(List::isEmpty)
                .ifPresent(none -> section.problem(
                        key, "at least one " + what + " must be named; leave the key out for those of all clients"));
        return values;
    }

    private Optional<Match> match(ConfigurationSection section, String name) {
        Map<String, Match> given = new LinkedHashMap<>();
        read(section, "user", ClientsReader::user).ifPresent(match -> given.put("user", match));
        read(section, "certificate", ClientsReader::certificate).ifPresent(match -> given.put("certificate", match));
        read(section, "source", Values.parsed(text -> new Match.Source(Cidr.parse(text))))
                .ifPresent(match -> given.put("source", match));
        List<String> set = List.of("user", "certificate", "source").stream()
                .filter(section::isSet)
                .toList();
        if (set.isEmpty()) {
            section.problem("", "one of 'user', 'certificate' and 'source' must say whom the entry is for");
        }
        set.stream()
                .skip(1)
                .forEach(key -> section.problem(
                        key, "'" + set.get(0) + "' says already whom the entry is for; make another entry of this"));
        given.forEach((key, match) -> {
            requireUnique(section, key, matches, match.toString(), name);
            requireReachable(section, key, match);
        });
        return given.values().stream().findFirst();
    }

    /** A key that is present must have a value: without one the entry would match nobody, so that is a problem. */
    private static <T extends Match> Optional<Match> read(
            ConfigurationSection section, String key, Function<String, T> parser) {
        return section.given(key, parser).map(match -> match);
    }

    private static Match.User user(String text) {
        UserName.problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException("is no name of a user: it " + problem);
        });
        return new Match.User(text);
    }

    private static Match.Certificate certificate(String text) {
        CertificateName.problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return new Match.Certificate(text);
    }

    private static void requireUnique(
            ConfigurationSection section, String key, Map<String, String> seen, String value, String name) {
        String earlier = seen.putIfAbsent(value, name);
        if (earlier != null) {
            section.problem(
                    key,
                    key.equals("name")
                            ? "two entries have the name '" + name + "'"
                            : "the entry '" + earlier + "' is for the same clients; make one of the two");
        }
    }

    /** Rejects a match that no listener can produce: the rule would silently have no effect. */
    private void requireReachable(ConfigurationSection section, String key, Match match) {
        if (!listeners.complete()) {
            return;
        }
        if (match instanceof Match.User user
                && listeners.all().stream()
                        .noneMatch(listener -> listener.credentials().isPresent())) {
            section.problem(
                    key,
                    "no listener demands credentials, so nobody is ever known as '" + user.name()
                            + "'; give one a 'credentials' file");
        }
        if (match instanceof Match.Certificate certificate
                && listeners.all().stream()
                        .noneMatch(listener -> listener.tls()
                                .flatMap(files -> files.clientCa())
                                .isPresent())) {
            section.problem(
                    key,
                    "no listener demands client certificates, so nobody is ever known as '" + certificate.name()
                            + "'; give one a 'client-ca' under 'tls'");
        }
        if (match instanceof Match.Source source
                && listeners.all().stream().noneMatch(listener -> Reach.accepts(listener, source.block()))) {
            section.problem(
                    key,
                    "no listener lets anybody in from " + source.block()
                            + "; add it to the 'sources' of one, or take the entry out");
        }
    }

    private void requireEffect(
            ConfigurationSection section, ClientEntry entry, Set<OpenLabel> own, EgressPolicy.Rules others) {
        RulesInForce rules = RulesInForce.of(others, new EgressPolicy.Clients(List.of(entry), true))
                .get(0);
        List<KonnectHost> hosts = catalog.stream()
                .flatMap(table -> table.hosts().stream())
                .filter(rules::enables)
                .toList();
        if (catalog.isEmpty()) {
            return;
        }
        if (hosts.isEmpty() && others.extraHosts().isEmpty()) {
            section.problem("", "the entry permits no host, for none of its purposes has one in its regions");
            return;
        }
        own.stream()
                .filter(rules::pins)
                .filter(place -> hosts.stream().noneMatch(host -> host.has(place)))
                .forEach(place -> section.problem(
                        place.key(),
                        "none of the entry's purposes has hosts of " + place.plural() + " ("
                                + Values.joined(entry.purposes()) + "); "
                                + RulesReader.addOrLeaveOut(catalog.get(), place)));
    }
}
