package io.konnectproxy.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Proof that an address and port may be dialled. Only {@link AddressCheck} creates one. */
public final class CheckedAddress implements AddressCheck.Finding {
    private final InetSocketAddress address;

    CheckedAddress(InetAddress address, int port) {
        this.address = new InetSocketAddress(address, port);
    }

    /** The checked address; never unresolved. */
    public InetSocketAddress address() {
        return address;
    }
}
