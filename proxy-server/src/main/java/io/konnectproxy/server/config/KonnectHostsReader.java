package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the catalogue from the host table, {@code konnect-hosts.yaml}. One instance a file. */
final class KonnectHostsReader {
    private final List<KonnectHost> hosts = new ArrayList<>();
    private final Map<String, SourceLocation> seen = new HashMap<>();
    private final Set<Purpose> purposes = new LinkedHashSet<>();
    private final Set<Purpose> defaults = new LinkedHashSet<>();

    private KonnectHostsReader() {}

    /** The catalogue; empty if there are problems, which are added to {@code all}. */
    static Optional<KonnectCatalog> read(YamlValue root, Problems all) {
        Problems problems = new Problems();
        KonnectHostsReader reader = new KonnectHostsReader();
        ConfigurationSection.ReadingContext reading =
                new ConfigurationSection.ReadingContext(Environment.none(), problems, new HashMap<>(), new HashSet<>());
        try (ConfigurationSection top = ConfigurationSection.top(reading, root)) {
            top.sections("purposes", Optional.empty(), reader::purpose);
            if (reader.hosts.isEmpty() && problems.none()) {
                top.problem("purposes", "at least one purpose with hosts must stand here");
            }
        }
        if (problems.none()) {
            return Optional.of(new KonnectCatalog(reader.hosts, reader.defaults));
        }
        all.addAll(problems);
        return Optional.empty();
    }

    private Optional<Purpose> purpose(ConfigurationSection section) {
        Optional<Purpose> name = section.required("name", Values.parsed(Purpose::new));
        boolean on = section.required("default", Values::flag).orElse(false);
        name.ifPresent(purpose -> {
            if (!purposes.add(purpose)) {
                section.problem("name", "purpose '" + purpose + "' stands twice; give its hosts in one place");
            }
            if (on) {
                defaults.add(purpose);
            }
        });
        if (section.sections("hosts", Optional.empty(), entry -> entry(entry, name))
                .isEmpty()) {
            section.problem("", "key 'hosts' is missing");
        }
        return name;
    }

    private Optional<HostPattern> entry(ConfigurationSection section, Optional<Purpose> purpose) {
        List<HostPattern> patterns =
                section.list("patterns", Values.parsed(HostPattern::parse)).orElse(List.of());
        Optional<List<Region>> regions = section.list("regions", Values.parsed(Region::new));
        Optional<Region> region = section.optional("region", Optional.empty(), Values.parsed(Region::new));
        section.required("source", KonnectHostsReader::source);
        section.required("checked", KonnectHostsReader::date);
        if (patterns.isEmpty()) {
            section.problem("patterns", "at least one pattern must stand here");
        }
        for (HostPattern pattern : patterns) {
            if (pattern.isRegional()) {
                if (region.isPresent() || regions.orElse(List.of()).isEmpty()) {
                    section.problem(
                            "patterns", "'" + pattern + "' has {region} in it, so it needs a list of 'regions'");
                    continue;
                }
                regions.orElseThrow().forEach(each -> add(section, pattern, purpose, Optional.of(each)));
            } else if (regions.isPresent()) {
                section.problem("regions", "'" + pattern + "' has no {region} in it; say 'region' where it has one");
            } else {
                add(section, pattern, purpose, region);
            }
        }
        return patterns.stream().findFirst();
    }

    private void add(
            ConfigurationSection section, HostPattern pattern, Optional<Purpose> purpose, Optional<Region> region) {
        if (purpose.isEmpty()) {
            return;
        }
        KonnectHost host = new KonnectHost(pattern, purpose.get(), region);
        SourceLocation earlier = seen.putIfAbsent(host.wildcard(), section.place());
        if (earlier == null) {
            hosts.add(host);
        } else {
            section.problem("patterns", "'" + host.wildcard() + "' stands here and in line " + earlier.line());
        }
    }

    private static URI source(String text) {
        if (!text.startsWith("https://")) {
            throw new IllegalArgumentException("must be the https URL of the page that documents the hosts");
        }
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no URL", e);
        }
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a date, like 2026-11-22", e);
        }
    }
}
