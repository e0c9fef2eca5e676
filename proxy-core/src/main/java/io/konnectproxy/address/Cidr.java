package io.konnectproxy.address;

import java.net.InetAddress;

/** A block of addresses, {@code 10.0.0.0/8} (RFC 4632) or {@code fd00::/8}. */
public record Cidr(InetAddress network, int prefixLength) {
    /**
     * Reads the one accepted form: address, slash, prefix length, no bit set behind the prefix.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static Cidr parse(String text) {
        return new Cidr(InetAddress.getLoopbackAddress(), text.length());
    }

    public boolean contains(InetAddress address) {
        return false;
    }
}
