package io.konnectproxy.server.dns;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

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
        List<InetAddress> used = new ArrayList<>(addresses.size());
        boolean ipv6First = family == AddressFamily.IPV6_FIRST;
        add(addresses, !ipv6First, family, used);
        add(addresses, ipv6First, family, used);
        return used;
    }

    private static void add(List<InetAddress> addresses, boolean ipv4, AddressFamily family, List<InetAddress> used) {
        if (ipv4 ? uses4(family) : uses6(family)) {
            for (InetAddress address : addresses) {
                if (address instanceof Inet4Address == ipv4) {
                    used.add(address);
                }
            }
        }
    }
}
