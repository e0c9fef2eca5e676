package io.konnectproxy.policy;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds the entry for a client: users and certificates are looked up in maps, addresses in a list of blocks. */
final class ClientEntries {
    private final Map<String, ClientEntry> users = new HashMap<>();
    private final Map<String, Ranked> certificates = new HashMap<>();
    /** The longest prefix comes first; equally long ones keep the order of the entries. */
    private final List<Sourced> sources;

    /** An entry and its position in the list of all entries. */
    private record Ranked(int rank, ClientEntry entry) {}

    private record Sourced(Cidr block, ClientEntry entry) {}

    ClientEntries(List<ClientEntry> entries) {
        for (int rank = 0; rank < entries.size(); rank++) {
            ClientEntry entry = entries.get(rank);
            if (entry.match() instanceof ClientEntry.Match.User user) {
                users.putIfAbsent(user.name(), entry);
            } else if (entry.match() instanceof ClientEntry.Match.Certificate certificate) {
                certificates.putIfAbsent(
                        ClientEntry.Match.Certificate.folded(certificate.name()), new Ranked(rank, entry));
            }
        }
        sources = entries.stream()
                .filter(entry -> entry.match() instanceof ClientEntry.Match.Source)
                .map(entry -> new Sourced(((ClientEntry.Match.Source) entry.match()).block(), entry))
                .sorted(Comparator.comparingInt(
                                (Sourced sourced) -> sourced.block().prefixLength())
                        .reversed())
                .toList();
    }

    Optional<ClientEntry> find(Client client) {
        return client.user()
                .map(users::get)
                .or(() -> byCertificate(client.certificateNames()))
                .or(() -> byAddress(client.address()));
    }

    private Optional<ClientEntry> byCertificate(List<String> names) {
        if (names.isEmpty() || certificates.isEmpty()) {
            return Optional.empty();
        }
        return names.stream()
                .map(name -> certificates.get(ClientEntry.Match.Certificate.folded(name)))
                .filter(Objects::nonNull)
                .min(Comparator.comparingInt(Ranked::rank))
                .map(Ranked::entry);
    }

    private Optional<ClientEntry> byAddress(InetSocketAddress client) {
        if (sources.isEmpty() || client.isUnresolved()) {
            return Optional.empty();
        }
        // Otherwise IPv4-mapped IPv6 could evade the block of the IPv4 address.
        InetAddress address = AddressText.address(client.getAddress().getAddress());
        return sources.stream()
                .filter(sourced -> sourced.block().contains(address))
                .findFirst()
                .map(Sourced::entry);
    }
}
