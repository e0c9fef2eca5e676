package io.konnectproxy.suggest;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.KonnectHost;
import io.konnectproxy.konnect.KonnectMatch;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.TenantLabel;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The smallest rules that permit some hosts.
 *
 * @param regions empty where no host of the purposes has a region, so that any will do
 */
record Needs(NavigableSet<Region> regions, NavigableSet<Purpose> purposes, NavigableSet<TenantLabel> pins) {
    /**
     * Pins to nobody: no host with an A-label is ever one of Konnect. It stands where a purpose is needed for its hosts
     * without a tenant, because without a pin those of every tenant would be permitted.
     */
    static final String NOBODY = "xn--nobody";

    Needs {
        regions = Collections.unmodifiableNavigableSet(regions);
        purposes = Collections.unmodifiableNavigableSet(purposes);
        pins = Collections.unmodifiableNavigableSet(pins);
    }

    static Needs of(Collection<AskedHost> hosts, KonnectCatalog catalog) {
        NavigableSet<Region> regions = new TreeSet<>();
        NavigableSet<Purpose> purposes = new TreeSet<>();
        NavigableSet<TenantLabel> pins = new TreeSet<>();
        for (AskedHost host : hosts) {
            host.match().host().region().ifPresent(regions::add);
            purposes.add(host.match().host().purpose());
            host.match().label().ifPresent(pins::add);
        }
        return of(regions, purposes, pins, catalog);
    }

    /** With what the values need besides: a region, and pins that keep tenants out that nobody needs. */
    static Needs of(
            NavigableSet<Region> regions,
            NavigableSet<Purpose> purposes,
            NavigableSet<TenantLabel> pins,
            KonnectCatalog catalog) {
        NavigableSet<Region> enough = new TreeSet<>(regions);
        if (regions.isEmpty() && catalog.hosts().stream().anyMatch(host -> isRegional(host, purposes))) {
            enough.add(smallestRegion(purposes, catalog));
        }
        Needs needs = new Needs(enough, purposes, pins);
        NavigableSet<TenantLabel> all = new TreeSet<>(pins);
        for (OpenLabel place : OpenLabel.values()) {
            if (needs.has(place, catalog) && TenantLabel.of(place, pins).isEmpty()) {
                all.add(new TenantLabel(place, NOBODY));
            }
        }
        return new Needs(enough, purposes, all);
    }

    static boolean isNobody(TenantLabel pin) {
        return pin.text().equals(NOBODY);
    }

    /** A rule set needs a region, also where no host in it is needed; this is the one with the fewest hosts. */
    private static Region smallestRegion(NavigableSet<Purpose> purposes, KonnectCatalog catalog) {
        return catalog.regions().stream()
                .min(Comparator.comparingLong(region -> catalog.hosts().stream()
                        .filter(host -> isRegional(host, purposes)
                                && host.region().filter(region::equals).isPresent())
                        .count()))
                .orElseThrow();
    }

    private static boolean isRegional(KonnectHost host, NavigableSet<Purpose> purposes) {
        return purposes.contains(host.purpose()) && host.region().isPresent();
    }

    /** The same with a region at least, as the rules of all clients need one. */
    Needs withRegion(KonnectCatalog catalog) {
        return regions.isEmpty()
                ? new Needs(new TreeSet<>(List.of(catalog.regions().first())), purposes, pins)
                : this;
    }

    boolean enables(KonnectHost host) {
        return host.region().map(regions::contains).orElse(true) && purposes.contains(host.purpose());
    }

    /** Whether any enabled host has this open label. */
    boolean has(OpenLabel place, KonnectCatalog catalog) {
        return catalog.hosts().stream().anyMatch(host -> host.has(place) && enables(host));
    }

    /** Every kind of tenant that matters has a pin here, so that a label without one is refused. */
    boolean permits(KonnectMatch match) {
        return enables(match.host()) && match.label().map(pins::contains).orElse(true);
    }
}
