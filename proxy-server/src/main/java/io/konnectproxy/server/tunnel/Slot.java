package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.capacity.MemoryBudget;

/** What one connection uses of the limits, as an open tunnel needs it. Not thread-safe. */
public interface Slot {
    /** The share of the memory budget that this connection uses. */
    MemoryBudget.Share share();

    /**
     * The tunnel is open. What it holds may outlive the client's connection, so from now on the relay calls {@link
     * #leave}.
     */
    void relaying();

    /**
     * The tunnel is cut off. At most the client's connection is still open, and its close releases the slot; it may be closed already.
     */
    void relayed();

    /** Releases all that was taken. */
    void leave();
}
