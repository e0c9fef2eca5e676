package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;

/**
 * What one tunnel may dial, on its way through LittleProxy: made from a permit and checked addresses, and recognised by the
 * first handler of the upstream channel, which lets nothing else through.
 */
final class PermittedAddress extends InetSocketAddress {
    private static final long serialVersionUID = 1;

    private final transient Dialling dialling;
    private final transient Attempt attempt;

    private PermittedAddress(InetSocketAddress address, Dialling dialling, Attempt attempt) {
        super(address.getAddress(), address.getPort());
        this.dialling = dialling;
        this.attempt = attempt;
    }

    /** Where a parent is, is only found when it is dialled; until then its place is held by an address that leads nowhere. */
    static PermittedAddress of(Dialling dialling, Attempt attempt) {
        InetSocketAddress address =
                attempt instanceof Attempt.Direct direct ? direct.address() : new InetSocketAddress(0);
        return new PermittedAddress(address, dialling, attempt);
    }

    Dialling dialling() {
        return dialling;
    }

    Attempt attempt() {
        return attempt;
    }
}
