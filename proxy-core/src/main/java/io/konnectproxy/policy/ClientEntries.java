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

/** Finds the entry that is for a client: tables for users and certificates, a walk over the blocks of addresses. */
final class ClientEntries {
    private final Map<String, ClientEntry> users = new HashMap<>();
    private final Map<String, Ranked> certificates = new HashMap<>();
    /** The longest prefix first; among equals as they were given. */
    private final List<Sourced> sources;

    /** An entry and its place among all. */
    private record Ranked(int rank, ClientEntry entry) {}

    private record Sourced(Cidr block, ClientEntry entry) {}

    ClientEntries(List<ClientEntry> entries) {
        for (int rank = 0; rank < entries.size(); rank++) {
            ClientEntry entry = entries.get(rank);
            if (entry.match() instanceof ClientEntry.Match.User user) {
                users.putIfAbsent(user.name(), entry);
            } else if (entry.match() instanceof ClientEntry.Match.Certificate certificate) {
                certificates.putIfAbsent(folded(certificate.name()), new Ranked(rank, entry));
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
                .or(() -> named(client.certificateNames()))
                .or(() -> from(client.address()));
    }

    private Optional<ClientEntry> named(List<String> names) {
        if (names.isEmpty() || certificates.isEmpty()) {
            return Optional.empty();
        }
        return names.stream()
                .map(name -> certificates.get(folded(name)))
                .filter(Objects::nonNull)
                .min(Comparator.comparingInt(Ranked::rank))
                .map(Ranked::entry);
    }

    private Optional<ClientEntry> from(InetSocketAddress client) {
        if (sources.isEmpty() || client.isUnresolved()) {
            return Optional.empty();
        }
        // Else IPv4-mapped IPv6 could evade the block that the IPv4 address is in.
        InetAddress address = AddressText.address(client.getAddress().getAddress());
        return sources.stream()
                .filter(sourced -> sourced.block().contains(address))
                .findFirst()
                .map(Sourced::entry);
    }

    /** Letters of ASCII only, as DNS has it (RFC 4343): no other letter becomes one of them. */
    private static String folded(String name) {
        StringBuilder folded = new StringBuilder(name);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c - 'A' + 'a'));
            }
        }
        return folded.toString();
    }
}
