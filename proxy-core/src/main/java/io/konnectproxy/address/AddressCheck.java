package io.konnectproxy.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides which addresses may be dialled: public addresses, and other addresses that a permitted block covers. An IPv6
 * address that embeds IPv4 addresses ({@link Embedding}) is checked itself, and so is each embedded address; the strictest
 * result counts. Immutable and thread-safe.
 */
public final class AddressCheck {
    private final List<Cidr> permitted;
    private final Set<InetAddress> own;
    private final Set<InetSocketAddress> listeners;

    /** The result of a check. */
    public sealed interface Finding permits CheckedAddress, Forbidden {}

    /** The address must not be dialled. {@code range} names the range that it is in, {@code "loopback (127.0.0.0/8)"}. */
    public record Forbidden(InetAddress address, String range) implements Finding {}

    /**
     * @param permitted blocks that may be dialled although they are not public
     * @param own the addresses of this machine
     * @param listeners the addresses of this proxy's listeners; an unspecified address stands for all of {@code own}
     */
    public AddressCheck(List<Cidr> permitted, Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        this.permitted = List.copyOf(permitted);
        this.own = Set.copyOf(own);
        this.listeners = Set.copyOf(listeners);
        if (listeners.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("a listener address is unresolved");
        }
    }

    /**
     * The check of parent proxies. The operator names them, so private addresses are permitted. Addresses that are always
     * forbidden stay forbidden, and so do this proxy's own listeners, because a tunnel to one would be a loop.
     */
    public static AddressCheck ofParents(Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        return new AddressCheck(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")), own, listeners);
    }

    /** Whether no host can have this address: it is unspecified, multicast or broadcast. */
    public static boolean isNoHost(InetAddress address) {
        return SpecialRange.of(address, SpecialRange.NEVER).isPresent();
    }

    /** The range that forbids every address of a block, permitted or not; empty if some of the block may be dialled. */
    public static Optional<String> whyNever(Cidr block) {
        return Stream.of(SpecialRange.METADATA, SpecialRange.NEVER)
                .flatMap(List::stream)
                .filter(range -> range.block().prefixLength() <= block.prefixLength()
                        && range.block().contains(block.network()))
                .findFirst()
                .map(SpecialRange::toString);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressCheck check
                && permitted.equals(check.permitted)
                && own.equals(check.own)
                && listeners.equals(check.listeners);
    }

    @Override
    public int hashCode() {
        return Objects.hash(permitted, own, listeners);
    }

    public Finding check(InetAddress address, int port) {
        Optional<Embedding> embedding = Embedding.in(address);
        List<Layer> layers = layers(address, embedding);
        Optional<String> objection = firstObjection(layers, layer -> alwaysForbidden(layer.address, port));
        if (objection.isEmpty() && !isPermitted(address) && !isPermitted(embedding)) {
            boolean transparent = embedding.filter(Embedding::transparent).isPresent();
            objection = firstObjection(layers, layer -> forbiddenUnlessPermitted(layer, transparent));
        }
        return objection
                .<Finding>map(range -> new Forbidden(address, range))
                .orElseGet(() -> new CheckedAddress(address, port));
    }

    /** The embedded addresses come first, because they tell more about where packets would go. The given one is last. */
    private static List<Layer> layers(InetAddress given, Optional<Embedding> embedding) {
        List<Layer> layers = new ArrayList<>();
        embedding.ifPresent(e -> e.inside().forEach(inside -> layers.add(new Layer(Optional.of(e.form()), inside))));
        layers.add(new Layer(Optional.empty(), given));
        return layers;
    }

    private static Optional<String> firstObjection(List<Layer> layers, Function<Layer, Optional<String>> objection) {
        return layers.stream()
                .flatMap(layer -> objection.apply(layer).map(layer::describe).stream())
                .findFirst();
    }

    /** No configuration permits these. */
    private Optional<String> alwaysForbidden(InetAddress address, int port) {
        return SpecialRange.of(address, SpecialRange.METADATA)
                .or(() -> SpecialRange.of(address, SpecialRange.NEVER))
                .map(SpecialRange::toString)
                .or(() -> isListener(address, port)
                        ? Optional.of("a listener of this proxy (port " + port + ")")
                        : Optional.empty());
    }

    private boolean isListener(InetAddress address, int port) {
        return listeners.stream()
                .filter(listener -> listener.getPort() == port)
                .map(InetSocketAddress::getAddress)
                .anyMatch(bound -> bound.isAnyLocalAddress()
                        ? address.isLoopbackAddress() || own.contains(address)
                        : bound.equals(address));
    }

    private boolean isPermitted(InetAddress address) {
        return permitted.stream().anyMatch(block -> block.contains(address));
    }

    private boolean isPermitted(Optional<Embedding> embedding) {
        return embedding
                .map(Embedding::inside)
                .filter(inside -> !inside.isEmpty() && inside.stream().allMatch(this::isPermitted))
                .isPresent();
    }

    private Optional<String> forbiddenUnlessPermitted(Layer layer, boolean transparent) {
        if (own.contains(layer.address)) {
            return Optional.of("an address of this machine");
        }
        boolean embeddedAddressDecides = transparent && layer.form.isEmpty();
        return embeddedAddressDecides ? Optional.empty() : SpecialRange.whyNotPublic(layer.address);
    }

    /** One address to check; {@code form} is how it is embedded in the given address, and empty for that one itself. */
    private record Layer(Optional<String> form, InetAddress address) {
        String describe(String range) {
            return form.map(name -> name + " of " + range).orElse(range);
        }
    }
}
