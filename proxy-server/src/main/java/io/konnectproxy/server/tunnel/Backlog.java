package io.konnectproxy.server.tunnel;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory in which bytes wait for those who take them slowly, of all tunnels together. Where it is used up, a tunnel reads
 * little at a time, and nothing while anything of it waits: whoever reads nothing costs the others speed, never their
 * tunnels. Any thread.
 */
final class Backlog {
    private final long most;
    private final AtomicLong waiting = new AtomicLong();

    Backlog(long most) {
        this.most = most;
    }

    /** A quarter of what buffers may take in this process: Netty needs more than what is in them. */
    static Backlog ofThisProcess() {
        return new Backlog(PlatformDependent.maxDirectMemory() / 4);
    }

    boolean hasRoom() {
        return waiting.get() < most;
    }

    /**
     * @param bytes that begin to wait; negative for those that no longer do
     */
    void add(long bytes) {
        waiting.addAndGet(bytes);
    }
}
