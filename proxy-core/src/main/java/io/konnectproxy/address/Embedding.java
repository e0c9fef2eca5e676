package io.konnectproxy.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The IPv4 addresses that are embedded in an IPv6 address.
 *
 * @param form the name of the address format
 * @param inside the IPv4 addresses; several if the format embeds several, or if their position is not known
 * @param transparent whether only the embedded address is checked; otherwise the IPv6 address is checked as well
 */
record Embedding(String form, List<InetAddress> inside, boolean transparent) {
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr LOCAL_NAT64 = Cidr.parse("64:ff9b:1::/48");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");

    /** The embedding of an address, or empty if it has none. */
    static Optional<Embedding> in(InetAddress address) {
        byte[] ip = address.getAddress();
        if (ip.length != 16) {
            return Optional.empty();
        }
        if (zero(ip, 0, 10) && ip[10] == -1 && ip[11] == -1) {
            return one("IPv4-mapped", ip, 12, true); // RFC 4291, section 2.5.5.2
        }
        if (zero(ip, 0, 12) && !(zero(ip, 12, 15) && (ip[15] & 255) <= 1)) {
            return one("IPv4-compatible", ip, 12, false); // RFC 4291, section 2.5.5.1; :: and ::1 are not of this form
        }
        if (NAT64.contains(ip)) {
            return one("NAT64", ip, 12, true); // RFC 6052, section 2.1
        }
        if (LOCAL_NAT64.contains(ip)) {
            return Optional.of(new Embedding("local-use NAT64", localNat64(ip), false));
        }
        if (SIX_TO_FOUR.contains(ip)) {
            return one("6to4", ip, 2, false); // RFC 3056; deprecated by RFC 7526, so its block is forbidden as well
        }
        if (TEREDO.contains(ip)) {
            byte[] client = bytes(ip, 12, 13, 14, 15); // RFC 4380, section 4: the bits of the client are inverted
            for (int i = 0; i < 4; i++) {
                client[i] = (byte) ~client[i];
            }
            return Optional.of(new Embedding(
                    "Teredo", List.of(AddressText.address(bytes(ip, 4, 5, 6, 7)), AddressText.address(client)), false));
        }
        if ((ip[8] & 0xfd) == 0 && ip[9] == 0 && ip[10] == 0x5e && ip[11] == (byte) 0xfe) {
            return one("ISATAP", ip, 12, false); // RFC 5214, section 6.1
        }
        return Optional.empty();
    }

    /**
     * Only the network knows which prefix length it uses under 64:ff9b:1::/48 (RFC 8215), so every position of RFC 6052,
     * section 2.2 is checked. A position that begins with a zero byte is skipped, because no IPv4 host address does.
     */
    private static List<InetAddress> localNat64(byte[] ip) {
        return Stream.of(
                        bytes(ip, 6, 7, 9, 10),
                        bytes(ip, 7, 9, 10, 11),
                        bytes(ip, 9, 10, 11, 12),
                        bytes(ip, 12, 13, 14, 15))
                .filter(position -> position[0] != 0)
                .map(AddressText::address)
                .toList();
    }

    private static Optional<Embedding> one(String form, byte[] ip, int at, boolean transparent) {
        InetAddress inside = AddressText.address(Arrays.copyOfRange(ip, at, at + 4));
        return Optional.of(new Embedding(form, List.of(inside), transparent));
    }

    private static byte[] bytes(byte[] ip, int a, int b, int c, int d) {
        return new byte[] {ip[a], ip[b], ip[c], ip[d]};
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
