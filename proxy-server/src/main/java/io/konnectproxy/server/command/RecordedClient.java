package io.konnectproxy.server.command;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a decision's line says of who asked.
 *
 * @param address {@code -} where it says nothing
 * @param entry of {@code clients}, whose rules held
 * @param peer who connected in the client's place
 */
record RecordedClient(
        String address,
        Optional<String> user,
        Optional<String> certificate,
        Optional<String> entry,
        Optional<String> peer) {
    static RecordedClient of(Map<String, String> fields) {
        return new RecordedClient(
                fields.getOrDefault("client.address", "-"),
                field(fields, "user"),
                field(fields, "certificate"),
                field(fields, "entry"),
                field(fields, "peer.address"));
    }

    /** Whose refusals a sum is about: an address, or a network; empty for clients that were too many. */
    static Optional<String> counted(Map<String, String> fields) {
        return field(fields, "address").or(() -> field(fields, "network"));
    }

    private static Optional<String> field(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get("client." + name));
    }

    /** {@code 10.0.0.7 (user dp-payments, entry payments, through 10.0.0.10)}. */
    String words() {
        String more = Stream.of(
                        words("user ", user),
                        words("certificate ", certificate),
                        words("entry ", entry),
                        words("through ", peer))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return more.isEmpty() ? address : address + " (" + more + ")";
    }

    private static Optional<String> words(String what, Optional<String> name) {
        return name.map(present -> what + present);
    }
}
