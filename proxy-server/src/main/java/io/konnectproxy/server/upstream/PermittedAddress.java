package io.konnectproxy.server.upstream;

import java.net.InetSocketAddress;

/**
 * An address that one tunnel may dial, as it is passed through LittleProxy. It is made from a permit and a checked
 * address; the first handler of the upstream channel dials nothing else.
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

    /**
     * The address of a parent is resolved only when it is dialled, so until then port 0 of the wildcard address stands
     * for it.
     */
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
