package io.konnectproxy.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** A block of addresses, {@code 10.0.0.0/8} (RFC 4632) or {@code fd00::/8}. */
public record Cidr(InetAddress network, int prefixLength) {
    public Cidr {
        byte[] bytes = network.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException(lengthSentence(bytes.length));
        }
        byte[] cut = firstBits(bytes, prefixLength);
        if (!Arrays.equals(bytes, cut)) {
            String given = AddressText.write(bytes);
            throw new IllegalArgumentException("The address has bits set behind its prefix; write "
                    + AddressText.write(cut) + "/" + prefixLength + " for the block, or " + given + "/"
                    + bytes.length * 8 + " for the one address.");
        }
    }

    /**
     * Reads the one accepted form: address, slash, prefix length, and no bit set after the prefix. Nothing is resolved.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = AddressText.read(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("An address block begins with an IPv4 or IPv6 address"
                        + " in plain digits and has no name, zone or space in it; write it like 10.0.0.0/8 or"
                        + " fd00::/8."));
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "The prefix length is missing; write " + text + "/" + bytes.length * 8 + " for the one address.");
        }
        InetAddress network = AddressText.address(bytes);
        // The JDK turns ::ffff:a.b.c.d into a.b.c.d, also when an address is checked.
        if (bytes.length == 16 && network instanceof Inet4Address) {
            throw new IllegalArgumentException(
                    "An IPv4-mapped block is covered by the IPv4 block inside; write it like 10.0.0.0/8.");
        }
        return new Cidr(network, prefixLength(text.substring(slash + 1), bytes.length));
    }

    private static int prefixLength(String digits, int addressBytes) {
        if (!digits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(digits) > addressBytes * 8) {
            throw new IllegalArgumentException(lengthSentence(addressBytes));
        }
        return Integer.parseInt(digits);
    }

    private static String lengthSentence(int addressBytes) {
        return addressBytes == 4
                ? "The prefix length of an IPv4 block is a number from 0 to 32; write it like 10.0.0.0/8."
                : "The prefix length of an IPv6 block is a number from 0 to 128; write it like fd00::/8.";
    }

    /** Whether the address has the block's family and is in it. Embedded addresses are not extracted here. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(byte[] address) {
        if (address.length != (network instanceof Inet4Address ? 4 : 16)) {
            return false;
        }
        byte[] prefix = network.getAddress();
        int whole = prefixLength / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int mask = 0xff00 >> prefixLength % 8 & 0xff;
        return mask == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }

    private static byte[] firstBits(byte[] bytes, int count) {
        byte[] cut = new byte[bytes.length];
        System.arraycopy(bytes, 0, cut, 0, count / 8);
        if (count % 8 != 0) {
            cut[count / 8] = (byte) (bytes[count / 8] & 0xff00 >> count % 8);
        }
        return cut;
    }

    /** The block as text in its canonical form (RFC 5952). */
    @Override
    public String toString() {
        return AddressText.write(network.getAddress()) + "/" + prefixLength;
    }
}
