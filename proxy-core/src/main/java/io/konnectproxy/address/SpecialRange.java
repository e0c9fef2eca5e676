package io.konnectproxy.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A block that is not part of the public Internet, and its use. The blocks are those of IANA's special-purpose address
 * registries (RFC 6890 and its successors) and, for multicast and site-local addresses, of RFC 4291. Blocks that the
 * registries call globally reachable (AS112, AMT) are left out.
 */
record SpecialRange(String use, Cidr block) {
    /** Never dialled, not even if a permitted block covers them. */
    static final List<SpecialRange> NEVER = List.of(
            range("this network", "0.0.0.0/8"),
            range("multicast", "224.0.0.0/4"),
            range("broadcast", "255.255.255.255/32"),
            range("unspecified", "::/128"),
            range("multicast", "ff00::/8"));

    /**
     * Services of clouds that give credentials to every process on a machine. A tunnel to one would give clients the identity
     * of the proxy's machine, so these addresses are forbidden even within a permitted block.
     */
    static final List<SpecialRange> METADATA = List.of(
            range("instance metadata of most clouds", "169.254.169.254/32"),
            range("task credentials of Amazon ECS", "169.254.170.2/32"),
            range("pod credentials of Amazon EKS", "169.254.170.23/32"),
            range("instance metadata of Scaleway", "169.254.42.42/32"),
            range("instance metadata of Alibaba Cloud", "100.100.100.200/32"),
            range("instance metadata of Oracle Cloud", "192.0.0.192/32"),
            range("host services of Microsoft Azure", "168.63.129.16/32"),
            range("instance metadata of Amazon EC2", "fd00:ec2::254/128"),
            range("pod credentials of Amazon EKS", "fd00:ec2::23/128"),
            range("instance metadata of Google Cloud", "fd20:ce::254/128"),
            range("instance metadata of Scaleway", "fd00:42::42/128"));

    /** Forbidden unless permitted. Of two blocks that overlap the narrower one is first, so that messages name it. */
    static final List<SpecialRange> PRIVATE = List.of(
            range("loopback", "127.0.0.0/8"),
            range("private", "10.0.0.0/8"),
            range("private", "172.16.0.0/12"),
            range("private", "192.168.0.0/16"),
            range("carrier-grade NAT", "100.64.0.0/10"),
            range("link-local", "169.254.0.0/16"),
            range("IETF protocol assignments", "192.0.0.0/24"),
            range("documentation", "192.0.2.0/24"),
            range("documentation", "198.51.100.0/24"),
            range("documentation", "203.0.113.0/24"),
            range("benchmarking", "198.18.0.0/15"),
            range("6to4 relay", "192.88.99.0/24"),
            range("reserved", "240.0.0.0/4"),
            range("loopback", "::1/128"),
            range("IPv4-compatible", "::/96"),
            range("local-use NAT64", "64:ff9b:1::/48"),
            range("discard", "100::/64"),
            range("dummy", "100:0:0:1::/64"),
            range("Teredo", "2001::/32"),
            range("benchmarking", "2001:2::/48"),
            range("ORCHID", "2001:10::/28"),
            range("ORCHIDv2", "2001:20::/28"),
            range("IETF protocol assignments", "2001::/23"),
            range("documentation", "2001:db8::/32"),
            range("6to4", "2002::/16"),
            range("documentation", "3fff::/20"),
            range("segment routing", "5f00::/16"),
            range("unique local", "fc00::/7"),
            range("link-local", "fe80::/10"),
            range("site-local", "fec0::/10"));

    /**
     * The IPv6 unicast space that IANA allocates from (RFC 4291, section 2.4). Addresses outside it are forbidden even if no
     * range names them.
     */
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

    private static SpecialRange range(String use, String block) {
        return new SpecialRange(use, Cidr.parse(block));
    }

    /** The first of the ranges that contains the address. */
    static Optional<SpecialRange> of(InetAddress address, List<SpecialRange> ranges) {
        byte[] bytes = address.getAddress();
        // No stream: every address of every tunnel is compared with all ranges.
        for (SpecialRange range : ranges) {
            if (range.block.contains(bytes)) {
                return Optional.of(range);
            }
        }
        return Optional.empty();
    }

    /** Why the address is not public, or empty if it is. */
    static Optional<String> whyNotPublic(InetAddress address) {
        Optional<String> named = of(address, PRIVATE).map(SpecialRange::toString);
        if (named.isPresent() || address instanceof Inet4Address || GLOBAL_UNICAST.contains(address)) {
            return named;
        }
        return Optional.of("not global unicast (outside " + GLOBAL_UNICAST + ")");
    }

    /** {@code loopback (127.0.0.0/8)}. */
    @Override
    public String toString() {
        return use + " (" + block + ")";
    }
}
