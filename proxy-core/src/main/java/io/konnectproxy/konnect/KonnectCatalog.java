package io.konnectproxy.konnect;

import io.konnectproxy.target.HostName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All known hosts of Konnect, in all regions, whether they are enabled or not. Immutable. */
public final class KonnectCatalog {
    private final List<KonnectHost> hosts;
    private final Set<Purpose> defaultPurposes;
    /** Rows without an open label, by name. */
    private final Map<String, KonnectHost> exact = new HashMap<>();
    /** Rows with an open label, by the name after that label. */
    private final Map<String, KonnectHost> behindOpenLabel = new HashMap<>();

    /**
     * @param hosts the rows, in the order in which they are listed
     * @param defaultPurposes the purposes that are enabled if the configuration names none
     * @throws IllegalArgumentException with a sentence for the operator, if two rows are for the same name
     */
    public KonnectCatalog(List<KonnectHost> hosts, Set<Purpose> defaultPurposes) {
        this.hosts = List.copyOf(hosts);
        this.defaultPurposes = Set.copyOf(defaultPurposes);
        for (KonnectHost host : this.hosts) {
            Map<String, KonnectHost> index = host.pattern().openLabel().isPresent() ? behindOpenLabel : exact;
            if (index.putIfAbsent(host.fixedPart().toString(), host) != null) {
                throw new IllegalArgumentException("two entries are for " + host.wildcard());
            }
        }
    }

    public List<KonnectHost> hosts() {
        return hosts;
    }

    public SortedSet<Region> regions() {
        return hosts.stream().flatMap(host -> host.region().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    public SortedSet<Purpose> purposes() {
        return hosts.stream().map(KonnectHost::purpose).collect(Collectors.toCollection(TreeSet::new));
    }

    public Set<Purpose> defaultPurposes() {
        return defaultPurposes;
    }

    /** The row that matches a name. An open label matches exactly one label and no A-label ({@code xn--…}). */
    public Optional<KonnectMatch> find(HostName name) {
        String text = name.toString();
        KonnectHost plain = exact.get(text);
        if (plain != null) {
            return Optional.of(new KonnectMatch(plain, Optional.empty()));
        }
        int dot = text.indexOf('.');
        if (dot < 0 || text.startsWith("xn--")) {
            return Optional.empty();
        }
        KonnectHost open = behindOpenLabel.get(text.substring(dot + 1));
        if (open == null) {
            return Optional.empty();
        }
        String first = text.substring(0, dot);
        return Optional.of(
                new KonnectMatch(open, open.pattern().openLabel().map(place -> new TenantLabel(place, first))));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KonnectCatalog that
                && hosts.equals(that.hosts)
                && defaultPurposes.equals(that.defaultPurposes);
    }

    @Override
    public int hashCode() {
        return hosts.hashCode();
    }
}
