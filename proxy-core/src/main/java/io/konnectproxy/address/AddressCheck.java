package io.konnectproxy.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tells which addresses may be dialled: public ones, and of the others those that a permitted block covers. An IPv6
 * address with IPv4 inside is judged as given and by each address inside ({@link Embedding}); the strictest judgement
 * counts. Immutable; any thread.
 */
public final class AddressCheck {
    private final List<Cidr> permitted;
    private final Set<InetAddress> own;
    private final Set<InetSocketAddress> listeners;

    /** What checking an address gives. */
    public sealed interface Finding permits CheckedAddress, Forbidden {}

    /** {@code range} names what the address belongs to, {@code "loopback (127.0.0.0/8)"}. */
    public record Forbidden(InetAddress address, String range) implements Finding {}

    /**
     * @param permitted blocks that may be dialled though they are private
     * @param own the machine's own addresses
     * @param listeners where this proxy itself listens; an unspecified address stands for all own ones
     */
    public AddressCheck(List<Cidr> permitted, Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        this.permitted = List.copyOf(permitted);
        this.own = Set.copyOf(own);
        this.listeners = Set.copyOf(listeners);
        if (listeners.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("a listener without an address");
        }
    }

    /**
     * For proxies that the operator has named: they may be anywhere but where no configuration ever leads. Our own listeners
     * are such a place, for what goes there comes back.
     */
    public static AddressCheck ofParents(Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        return new AddressCheck(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")), own, listeners);
    }

    /** Whether nobody can have this address: unspecified, multicast or broadcast. */
    public static boolean isNoHost(InetAddress address) {
        return SpecialRange.of(address, SpecialRange.NEVER).isPresent();
    }

    /** What makes that no address of a block is ever dialled, permitted or not; empty where some may be. */
    public static Optional<String> whyNever(Cidr block) {
        return Stream.of(SpecialRange.METADATA, SpecialRange.NEVER)
                .flatMap(List::stream)
                .filter(range -> range.block().prefixLength() <= block.prefixLength()
                        && range.block().contains(block.network()))
                .findFirst()
                .map(SpecialRange::toString);
    }

    public Finding check(InetAddress address, int port) {
        Optional<Embedding> embedding = Embedding.in(address);
        List<Layer> layers = layers(address, embedding);
        Optional<String> objection = firstObjection(layers, layer -> always(layer.address, port));
        if (objection.isEmpty() && !isPermitted(address) && !isPermitted(embedding)) {
            boolean transparent = embedding.filter(Embedding::transparent).isPresent();
            objection = firstObjection(layers, layer -> unlessPermitted(layer, transparent));
        }
        return objection
                .<Finding>map(range -> new Forbidden(address, range))
                .orElseGet(() -> new CheckedAddress(address, port));
    }

    /** The addresses inside first, because they say more about where packets would go, then the one given. */
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

    /** What no configuration opens. */
    private Optional<String> always(InetAddress address, int port) {
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

    private Optional<String> unlessPermitted(Layer layer, boolean transparent) {
        if (own.contains(layer.address)) {
            return Optional.of("an address of this machine");
        }
        boolean judgedByItsInside = transparent && layer.form.isEmpty();
        return judgedByItsInside ? Optional.empty() : SpecialRange.whyNotPublic(layer.address);
    }

    /** One address to be judged; {@code form} is how it is embedded in the one given. */
    private record Layer(Optional<String> form, InetAddress address) {
        String describe(String range) {
            return form.map(name -> name + " of " + range).orElse(range);
        }
    }
}
