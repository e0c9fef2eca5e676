package io.konnectproxy.server.tunnel;

import io.konnectproxy.server.capacity.MemoryBudget;

/** What one connection takes of the limits, as an open tunnel sees it. Not for several threads at once. */
public interface Slot {
    /** What this connection may make us keep. */
    MemoryBudget.Share share();

    /** The tunnel is open. What it holds may outlive the client's connection: {@link #leave} is called by the relay now. */
    void relaying();

    /** The tunnel is cut, and only the client's connection is left. */
    void relayed();

    /** Gives back all that was taken. */
    void leave();
}
