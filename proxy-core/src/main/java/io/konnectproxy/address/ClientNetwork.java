package io.konnectproxy.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What counts as one client where clients are counted. */
public final class ClientNetwork {
    /** Bits of an IPv6 address that tell one client from another. */
    public static final int IPV6_PREFIX = 64;

    private ClientNetwork() {}

    /**
     * The address itself for IPv4, and the /64 it is in for IPv6: whoever has one address of a /64 has them all (RFC 6177,
     * RFC 7934).
     */
    public static InetAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(address.getAddress(), IPV6_PREFIX / 8), 16);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }
}
