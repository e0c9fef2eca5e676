package io.konnectproxy.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The unit in which clients are counted: an IPv4 address or an IPv6 /64. */
public final class ClientNetwork {
    /** Length of the prefix by which IPv6 clients are distinguished. */
    public static final int IPV6_PREFIX = 64;

    private ClientNetwork() {}

    /**
     * The address itself for IPv4, and the /64 that contains it for IPv6: a client that has one address of a /64 can use all
     * of them (RFC 6177, RFC 7934).
     */
    public static InetAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(address.getAddress(), IPV6_PREFIX / 8), 16);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the JDK rejects an address of 16 bytes", e);
        }
    }
}
