package io.konnectproxy.server.upstream;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.server.capacity.FileDescriptors;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.dns.AddressRules;
import io.konnectproxy.server.dns.CheckedResolver;
import io.konnectproxy.server.dns.NameResolver;
import io.konnectproxy.server.dns.ParentResolver;
import io.konnectproxy.wire.ViaName;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How upstreams are reached: the resolvers, the parent proxies, and the source address.
 *
 * @param resolver for addresses that this proxy dials
 * @param resolverForParents for addresses that parents are asked to dial, which need not be of the family of the source
 * address
 * @param sourceAddress the local address to dial from; empty for the system's choice
 * @param self the name of this proxy in the {@code Via} field towards parents
 * @param redirect maps a permitted address, or an unresolved name for a parent, to what is dialled; the identity,
 * except with a stand-in for Konnect
 * @param dead the addresses that could not be reached recently
 */
public record Egress(
        NameResolver resolver,
        NameResolver resolverForParents,
        Parents parents,
        Optional<InetAddress> sourceAddress,
        ViaName self,
        UnaryOperator<InetSocketAddress> redirect,
        DeadAddresses dead)
        implements AutoCloseable {

    /** With no dead addresses. */
    public Egress(
            NameResolver resolver,
            NameResolver resolverForParents,
            Parents parents,
            Optional<InetAddress> sourceAddress,
            ViaName self,
            UnaryOperator<InetSocketAddress> redirect) {
        this(resolver, resolverForParents, parents, sourceAddress, self, redirect, new DeadAddresses(System::nanoTime));
    }

    /**
     * Makes the resolvers and parents, and checks that the source address can be bound.
     *
     * @throws IOException with a sentence for the operator
     */
    public static Egress open(Configuration configuration, EventLoop loop, UnaryOperator<InetSocketAddress> redirect)
            throws IOException {
        AddressFamily family = dialledFamily(configuration);
        Set<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .collect(Collectors.toSet());
        Set<InetSocketAddress> listeners =
                configuration.listen().stream().map(ListenerSettings::address).collect(Collectors.toSet());
        AddressRules rules = rules(configuration, own, listeners);
        Configuration.Dns dns = configuration.dns();
        boolean one = family == dns.family();
        int lookups = FileDescriptors.lookups() / (one ? 1 : 2);
        CheckedResolver resolver =
                CheckedResolver.open(new Configuration.Dns(dns.servers(), dns.timeout(), family), rules, loop, lookups);
        try {
            return new Egress(
                    resolver,
                    one ? resolver : resolver.sibling(dns, lookups),
                    Parents.of(
                            configuration.parents(),
                            new ParentResolver(resolver, AddressCheck.ofParents(own, listeners)),
                            System::nanoTime),
                    configuration.sourceAddress(),
                    ViaName.of(new SecureRandom().nextLong()),
                    redirect);
        } catch (IOException e) {
            resolver.close();
            throw e;
        }
    }

    /**
     * The redirect to a stand-in for Konnect: loopback addresses and names are dialled at this port. It is for the
     * offline demonstration and tests; no configuration sets it.
     */
    public static UnaryOperator<InetSocketAddress> standIn(int port) {
        return address -> {
            if (address.isUnresolved()) {
                return InetSocketAddress.createUnresolved(address.getHostString(), port);
            }
            return address.getAddress().isLoopbackAddress()
                    ? new InetSocketAddress(address.getAddress(), port)
                    : address;
        };
    }

    /** The local address to dial from; null for the system's choice. */
    @Nullable
    SocketAddress source() {
        return sourceAddress.map(address -> new InetSocketAddress(address, 0)).orElse(null);
    }

    /** Where PrivateLink is enabled for any client, the permitted private addresses are for PrivateLink names only. */
    private static AddressRules rules(
            Configuration configuration, Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        AddressCheck permitting = check(configuration.permitAddresses(), own, listeners);
        boolean privateLink = Stream.concat(
                        configuration.rules().purposes().stream(),
                        configuration.clients().entries().stream()
                                .map(ClientEntry::purposes)
                                .flatMap(Set::stream))
                .anyMatch(Purpose.PRIVATELINK::equals);
        return privateLink
                ? AddressRules.apart(permitting, check(List.of(), own, listeners))
                : AddressRules.same(permitting);
    }

    private static AddressCheck check(List<Cidr> permitted, Set<InetAddress> own, Set<InetSocketAddress> listeners) {
        return new AddressCheck(permitted, own, listeners);
    }

    private static AddressFamily dialledFamily(Configuration configuration) throws IOException {
        if (configuration.sourceAddress().isEmpty()) {
            return configuration.dns().family();
        }
        InetAddress source = configuration.sourceAddress().get();
        boolean ipv4 = source instanceof Inet4Address;
        if (configuration.dns().family() == (ipv4 ? AddressFamily.IPV6_ONLY : AddressFamily.IPV4_ONLY)) {
            throw new IOException("From source-address " + source.getHostAddress() + " no "
                    + (ipv4 ? "IPv6" : "IPv4")
                    + " address can be dialled, and dns.family permits no other; change one of them.");
        }
        prove(source);
        return ipv4 ? AddressFamily.IPV4_ONLY : AddressFamily.IPV6_ONLY;
    }

    private static void prove(InetAddress source) throws IOException {
        try (SocketChannel socket = SocketChannel.open()) {
            socket.bind(new InetSocketAddress(source, 0));
        } catch (IOException e) {
            throw new IOException(
                    "Nothing can be dialled from source-address " + source.getHostAddress() + ": " + e.getMessage()
                            + ". It must be an address of this machine.",
                    e);
        }
    }

    @Override
    public void close() {
        resolver.close();
        if (resolverForParents != resolver) {
            resolverForParents.close();
        }
    }
}
