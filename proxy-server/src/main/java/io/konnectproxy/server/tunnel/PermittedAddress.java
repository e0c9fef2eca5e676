package io.konnectproxy.server.tunnel;

import io.konnectproxy.address.CheckedAddress;
import java.net.InetSocketAddress;

/**
 * An address that one tunnel may dial, on its way through LittleProxy: made from a permit and a checked address, and
 * recognised by the first handler of the upstream channel, which lets no other address through.
 */
final class PermittedAddress extends InetSocketAddress {
    private static final long serialVersionUID = 1;

    private final transient Tunnel tunnel;

    PermittedAddress(Tunnel tunnel, CheckedAddress checked) {
        this(tunnel, tunnel.services().dialled(checked.address()));
    }

    private PermittedAddress(Tunnel tunnel, InetSocketAddress address) {
        super(address.getAddress(), address.getPort());
        this.tunnel = tunnel;
    }

    Tunnel tunnel() {
        return tunnel;
    }
}
