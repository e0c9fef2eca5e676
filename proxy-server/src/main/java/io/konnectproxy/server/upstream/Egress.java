package io.konnectproxy.server.upstream;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.TunnelPermit;
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
 * @param rules which addresses may be dialled
 * @param sourceAddress the local address to dial from; empty for the system's choice
 * @param self the name of this proxy in the {@code Via} field towards parents
 * @param redirect maps a permitted address, or an unresolved name for a parent, to what is dialled; the identity,
 * except with a stand-in for Konnect
 * @param dead the addresses that could not be reached recently
 * @param basis what it is made of; empty where it is made of given parts
 */
public record Egress(
        NameResolver resolver,
        NameResolver resolverForParents,
        AddressRules rules,
        Parents parents,
        Optional<InetAddress> sourceAddress,
        ViaName self,
        UnaryOperator<InetSocketAddress> redirect,
        DeadAddresses dead,
        Optional<Basis> basis)
        implements AutoCloseable {

    /** With no dead addresses. */
    public Egress(
            NameResolver resolver,
            NameResolver resolverForParents,
            AddressRules rules,
            Parents parents,
            Optional<InetAddress> sourceAddress,
            ViaName self,
            UnaryOperator<InetSocketAddress> redirect) {
        this(
                resolver,
                resolverForParents,
                rules,
                parents,
                sourceAddress,
                self,
                redirect,
                new DeadAddresses(System::nanoTime),
                Optional.empty());
    }

    /**
     * Makes the resolvers and parents, and checks that the source address can be bound.
     *
     * @throws IOException with a sentence for the operator
     */
    public static Egress open(Configuration configuration, EventLoop loop, UnaryOperator<InetSocketAddress> redirect)
            throws IOException {
        return open(
                Basis.of(configuration),
                loop,
                ViaName.of(new SecureRandom().nextLong()),
                redirect,
                new DeadAddresses(System::nanoTime));
    }

    /**
     * The same for a changed configuration, with the same name in {@code Via}: this one where nothing has changed that it is
     * made of, so that its cache and what it knows of parents stay.
     *
     * @throws IOException with a sentence for the operator
     */
    public Egress following(Configuration configuration, EventLoop loop) throws IOException {
        Basis next = Basis.of(configuration);
        return basis.filter(next::equals).isPresent() ? this : open(next, loop, self, redirect, dead);
    }

    private static Egress open(
            Basis basis, EventLoop loop, ViaName self, UnaryOperator<InetSocketAddress> redirect, DeadAddresses dead)
            throws IOException {
        AddressFamily family = basis.dialledFamily();
        AddressRules rules = basis.rules();
        Configuration.Dns dns = basis.dns();
        boolean one = family == dns.family();
        int lookups = FileDescriptors.lookups() / (one ? 1 : 2);
        CheckedResolver resolver =
                CheckedResolver.open(new Configuration.Dns(dns.servers(), dns.timeout(), family), rules, loop, lookups);
        try {
            return new Egress(
                    resolver,
                    one ? resolver : resolver.sibling(dns, lookups),
                    rules,
                    Parents.of(
                            basis.parents(),
                            new ParentResolver(resolver, AddressCheck.ofParents(basis.own(), basis.listeners())),
                            System::nanoTime),
                    basis.source(),
                    self,
                    redirect,
                    dead,
                    Optional.of(basis));
        } catch (IOException e) {
            resolver.close();
            throw e;
        }
    }

    /**
     * What it is made of.
     *
     * @param own the addresses of this machine
     * @param privateLink whether PrivateLink is enabled for any client
     */
    record Basis(
            Set<InetAddress> own,
            Set<InetSocketAddress> listeners,
            Configuration.Dns dns,
            List<Cidr> permitted,
            boolean privateLink,
            List<Configuration.Parent> parents,
            Optional<InetAddress> source) {
        static Basis of(Configuration configuration) throws IOException {
            return new Basis(
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .collect(Collectors.toSet()),
                    configuration.listen().stream()
                            .map(ListenerSettings::address)
                            .collect(Collectors.toSet()),
                    configuration.dns(),
                    configuration.permitAddresses(),
                    Stream.concat(
                                    configuration.rules().purposes().stream(),
                                    configuration.clients().entries().stream()
                                            .map(ClientEntry::purposes)
                                            .flatMap(Set::stream))
                            .anyMatch(Purpose.PRIVATELINK::equals),
                    configuration.parents(),
                    configuration.sourceAddress());
        }

        /** Where PrivateLink is enabled, the permitted private addresses are for PrivateLink names only. */
        private AddressRules rules() {
            AddressCheck permitting = new AddressCheck(permitted, own, listeners);
            return privateLink
                    ? AddressRules.apart(permitting, new AddressCheck(List.of(), own, listeners))
                    : AddressRules.same(permitting);
        }

        private AddressFamily dialledFamily() throws IOException {
            if (source.isEmpty()) {
                return dns.family();
            }
            InetAddress address = source.get();
            boolean ipv4 = address instanceof Inet4Address;
            if (dns.family() == (ipv4 ? AddressFamily.IPV6_ONLY : AddressFamily.IPV4_ONLY)) {
                throw new IOException("From source-address " + address.getHostAddress() + " no "
                        + (ipv4 ? "IPv6" : "IPv4")
                        + " address can be dialled, and dns.family permits no other; change one of them.");
            }
            prove(address);
            return ipv4 ? AddressFamily.IPV4_ONLY : AddressFamily.IPV6_ONLY;
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

    /** Whether the upstream of an open tunnel may still be dialled with this permit. */
    public boolean mayDial(TunnelPermit permit, InetAddress address) {
        return rules.permits(permit, address);
    }

    /** The local address to dial from; null for the system's choice. */
    @Nullable
    SocketAddress source() {
        return sourceAddress.map(address -> new InetSocketAddress(address, 0)).orElse(null);
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
