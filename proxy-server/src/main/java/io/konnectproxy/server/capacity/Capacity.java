package io.konnectproxy.server.capacity;

import io.konnectproxy.server.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many tunnels this process can carry at once: each takes two file descriptors and some memory.
 *
 * @param descriptors what it may open
 * @param memory what connections may hold
 */
public record Capacity(FileDescriptors descriptors, MemoryBounds memory) {
    /**
     * Bytes that any connection is counted for until it is gone, its upstream's side included: measured, and rounded up. What it
     * sends before its tunnel is open is counted beside.
     */
    public static final int CONNECTION = 6 * 1024;

    /**
     * Bytes that one is counted for beside where it speaks TLS to the proxy, or the proxy to a parent for it: 16 KiB of them for a
     * record that is not whole yet.
     */
    public static final int TLS = 24 * 1024;

    /** And these as long as the handshake takes. */
    public static final int HANDSHAKE = 32 * 1024;

    /** Of this process, started as it is. */
    public static Capacity of(Configuration.Limits limits) {
        return new Capacity(FileDescriptors.ofThisProcess(), MemoryBounds.ofThisProcess(limits.memory()));
    }

    /** Tunnels for which there is memory while nothing waits in them. */
    private long byMemory() {
        return memory.heap() / CONNECTION;
    }

    /** What an operator should know, a sentence a line; warnings begin with that word. */
    public List<String> sentences(Configuration.Limits limits) {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "can carry %d tunnels at once: file descriptors for %s, memory for %d (%d MiB for what connections hold)",
                Math.min(byMemory(), descriptors.connections()),
                descriptors.isBounded() ? Integer.toString(descriptors.connections()) : "any number",
                byMemory(),
                memory.all() >> 20));
        if (descriptors.connections() < limits.tunnels()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "warning: limits.tunnels is %d, but this process may open %d files only, enough for %d connections; more"
                            + " would have to wait. Raise that (LimitNOFILE= of systemd, ulimit -n elsewhere), or lower"
                            + " limits.tunnels",
                    limits.tunnels(),
                    descriptors.allowed(),
                    descriptors.connections()));
        }
        if (byMemory() < limits.tunnels()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "warning: limits.tunnels is %d, but there is memory for %d; more are refused with memory_limit. Give the"
                            + " process more memory, raise limits.memory, or lower limits.tunnels",
                    limits.tunnels(),
                    byMemory()));
        }
        return List.copyOf(sentences);
    }
}
