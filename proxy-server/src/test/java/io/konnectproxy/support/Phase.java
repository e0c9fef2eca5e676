package io.konnectproxy.support;

import java.util.Locale;

/** How far a connection gets before something ends it, and what that leaves in the audit trail. */
public enum Phase {
    SILENT(0, 0),
    MID_HEAD(1, 0),
    RESOLVING(1, 1),
    DIALLING(1, 1),
    /** The first address refuses, the second does not answer. */
    DIALLING_AGAIN(1, 1),
    BEFORE_HELLO(1, 1),
    MID_HELLO(1, 1),
    RELAY(1, 1),
    /** The client has sent its end, the upstream still talks. */
    CLIENT_FINISHED(1, 1),
    /** The upstream has sent its end, the client may still talk. */
    UPSTREAM_FINISHED(1, 1);

    private final int decisions;
    private final int ends;

    Phase(int decisions, int ends) {
        this.decisions = decisions;
        this.ends = ends;
    }

    public int decisions() {
        return decisions;
    }

    public int ends() {
        return ends;
    }

    /** Each has a host of its own, so that all can be staged before one proxy. */
    public String host() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".us.cp0.konghq.com";
    }

    /** Whether an upstream may have got a connection by then. */
    public boolean hasUpstream() {
        return compareTo(BEFORE_HELLO) >= 0;
    }

    /** Whether an upstream may have got a byte by then. */
    public boolean hasRelay() {
        return compareTo(RELAY) >= 0;
    }
}
