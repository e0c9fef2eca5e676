package io.konnectproxy.server.config;

import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.Parent;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Reads {@code source-address}, and rejects one from which nothing can be dialled. */
final class SourceAddress {
    private SourceAddress() {}

    static Optional<InetAddress> read(ConfigurationSection top, AddressFamily family, List<Parent> parents) {
        Optional<InetAddress> source = top.optional("source-address", Optional.empty(), SourceAddress::parse);
        source.ifPresent(address -> {
            if (family == (isIpv4(address) ? AddressFamily.IPV6_ONLY : AddressFamily.IPV4_ONLY)) {
                top.problem(
                        "source-address",
                        text(address) + " is an " + familyOf(address) + " address and dns.family is "
                                + Values.name(family) + ", so nothing could be dialled; change one of them");
            }
            parents.stream()
                    .filter(parent -> parent.url()
                            .address()
                            .filter(other -> isIpv4(other) != isIpv4(address))
                            .isPresent())
                    .forEach(parent -> top.problem(
                            "source-address",
                            "the parent " + parent.url() + " cannot be dialled from " + text(address)
                                    + "; both must be of one family"));
        });
        return source;
    }

    private static InetAddress parse(String text) {
        InetAddress address = SocketAddresses.address(text);
        if (address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || text(address).equals("255.255.255.255")) {
            throw new IllegalArgumentException(
                    "is no address to dial from; name one of this machine, or leave it out for what the system chooses");
        }
        if (!isIpv4(address) && address.isLinkLocalAddress()) {
            throw new IllegalArgumentException("is of one link only, and nothing on the Internet is reached from it");
        }
        return address;
    }

    static boolean isIpv4(InetAddress address) {
        return address instanceof Inet4Address;
    }

    static String familyOf(InetAddress address) {
        return isIpv4(address) ? "IPv4" : "IPv6";
    }

    static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }
}
