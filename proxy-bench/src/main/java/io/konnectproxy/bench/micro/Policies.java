package io.konnectproxy.bench.micro;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.policy.ExtraHost;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.target.HostName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Policies over the packaged table of hosts, as an operator would have them. */
final class Policies {
    static final Client CLIENT = new Client(address("10.0.0.7", 51234));

    private static final Set<Region> REGIONS = Set.of(new Region("us"));
    private static final Set<Purpose> PURPOSES =
            Set.of(new Purpose("platform"), new Purpose("api"), new Purpose("data-plane"));

    private Policies() {}

    /** The same rules for all. */
    static EgressPolicy plain() {
        return with(List.of());
    }

    /**
     * Entries for ten users, ten certificates and ten networks. {@link #CLIENT} is in the widest of these, so that every other
     * one is looked at before.
     */
    static EgressPolicy withEntries() {
        List<ClientEntry> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Cidr block = Cidr.parse(i == 0 ? "10.0.0.0/8" : "10.1." + i + ".0/24");
            entries.add(entry("user-" + i, new ClientEntry.Match.User("dp-" + i)));
            entries.add(entry("certificate-" + i, new ClientEntry.Match.Certificate("dp-" + i + ".corp")));
            entries.add(entry("network-" + i, new ClientEntry.Match.Source(block)));
        }
        return with(entries);
    }

    private static EgressPolicy with(List<ClientEntry> entries) {
        ExtraHost mirror = new ExtraHost("mirror", HostName.of("kong.mirror.corp"), Set.of());
        return new EgressPolicy(
                ConfigurationLoader.packagedCatalog(),
                new EgressPolicy.Rules(REGIONS, PURPOSES, Set.of(), List.of(mirror), EgressPolicy.Mode.ENFORCE),
                new EgressPolicy.Clients(entries, false));
    }

    private static ClientEntry entry(String name, ClientEntry.Match match) {
        return new ClientEntry(name, match, REGIONS, PURPOSES, Set.of());
    }

    static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(address(literal), port);
    }

    static InetAddress address(String literal) {
        return AddressText.address(AddressText.read(literal).orElseThrow());
    }
}
