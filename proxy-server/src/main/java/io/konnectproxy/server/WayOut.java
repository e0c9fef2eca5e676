package io.konnectproxy.server;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.ListenerSettings;
import io.konnectproxy.server.dns.AddressRules;
import io.konnectproxy.server.dns.CheckedResolver;
import io.konnectproxy.server.dns.ParentResolver;
import io.konnectproxy.server.tunnel.FileDescriptors;
import io.konnectproxy.server.tunnel.Parents;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a configuration says of the way out: whose addresses may be dialled, by what resolver, through whom.
 *
 * @param resolver for what is dialled
 * @param resolverForParents for what parents are asked for: the family of a source address is none of theirs
 */
record WayOut(CheckedResolver resolver, CheckedResolver resolverForParents, Parents parents) implements AutoCloseable {

    /**
     * Proves what can be proved now.
     *
     * @throws IOException with a sentence for the operator
     */
    static WayOut open(Configuration configuration, EventLoop loop) throws IOException {
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
            return new WayOut(
                    resolver,
                    one ? resolver : CheckedResolver.open(dns, rules, loop, lookups),
                    Parents.of(
                            configuration.parents(),
                            new ParentResolver(resolver, AddressCheck.ofParents(own, listeners)),
                            System::nanoTime));
        } catch (IOException e) {
            resolver.close();
            throw e;
        }
    }

    /** Where PrivateLink is on for anybody, the permitted private addresses are its alone. */
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
