package io.konnectproxy.server.dataplane;

/** What may be wrong with a data plane, the worst first. */
public enum Trouble {
    /** It had a tunnel for over a minute, and has had none for over a minute. */
    LOST(1),
    /** It was refused five times or more in the last ten minutes. */
    REFUSED(2),
    /** Five of its tunnels or more ended in the last ten minutes, none of which was ten minutes old. */
    FLAPPING(4);

    private final int bit;

    Trouble(int bit) {
        this.bit = bit;
    }

    /** Its bit in a set of them that is a number. */
    int bit() {
        return bit;
    }
}
