package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Which addresses of a name are used, and in what order. */
final class FamilyOrder {
    private FamilyOrder() {}

    static boolean uses4(AddressFamily family) {
        return family != AddressFamily.IPV6_ONLY;
    }

    static boolean uses6(AddressFamily family) {
        return family != AddressFamily.IPV4_ONLY;
    }

    /** The addresses of the families that are used; within a family they keep their order. */
    static List<InetAddress> of(List<InetAddress> addresses, AddressFamily family) {
        Stream<InetAddress> ipv4 =
                addresses.stream().filter(address -> uses4(family) && address instanceof Inet4Address);
        Stream<InetAddress> ipv6 =
                addresses.stream().filter(address -> uses6(family) && !(address instanceof Inet4Address));
        return (family == AddressFamily.IPV6_FIRST ? Stream.concat(ipv6, ipv4) : Stream.concat(ipv4, ipv6)).toList();
    }
}
