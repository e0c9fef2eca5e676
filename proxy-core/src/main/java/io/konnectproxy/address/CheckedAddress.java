package io.konnectproxy.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An address and port that may be dialled: only {@link AddressCheck} makes one. */
public final class CheckedAddress implements AddressCheck.Finding {
    private final InetSocketAddress address;

    CheckedAddress(InetAddress address, int port) {
        this.address = new InetSocketAddress(address, port);
    }

    /** What was checked, resolved. */
    public InetSocketAddress address() {
        return address;
    }
}
