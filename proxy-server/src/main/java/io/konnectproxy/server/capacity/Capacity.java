package io.konnectproxy.server.capacity;

import io.konnectproxy.server.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many tunnels this process can carry at once: each needs two file descriptors and some memory.
 *
 * @param descriptors the file descriptors for connections
 * @param memory the memory for connections
 * @param process bytes that the container or the machine has
 */
public record Capacity(FileDescriptors descriptors, MemoryBounds memory, long process) {
    /** The bounds are measured with this much. With less the kernel may kill the process under attack, without a message. */
    private static final long LEAST = 512L << 20;

    /**
     * Bytes that are counted for each client connection until it is closed, its upstream connection included: measured on
     * JDK 17 and 25, and rounded up: some 6,050 at most, while the handshake inside is watched. Bytes that it sends before its tunnel is open are counted in addition.
     */
    public static final int CONNECTION = 6 * 1024 + 512;

    /**
     * Bytes that are counted in addition for each TLS connection, that of the client and that to a parent: 16 KiB of them
     * for an incomplete record.
     */
    public static final int TLS = 24 * 1024;

    /** Bytes that are counted in addition during the TLS handshake. */
    public static final int HANDSHAKE = 36 * 1024;

    /** The capacity of this process. */
    public static Capacity of(Configuration.Limits limits) {
        return new Capacity(
                FileDescriptors.ofThisProcess(), MemoryBounds.ofThisProcess(limits.memory()), MemoryBounds.total());
    }

    /** The memory for connections under other limits. */
    public MemoryBounds memory(Configuration.Limits limits) {
        return MemoryBounds.ofThisProcess(limits.memory());
    }

    /** The number of tunnels that fit into memory while nothing is buffered in them. */
    private long byMemory() {
        return memory.heap() / CONNECTION;
    }

    /** Lines for the operator, a sentence each; warnings begin with {@code "warning"}. */
    public List<String> sentences(Configuration.Limits limits) {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "can carry %d tunnels at once: file descriptors for %s, memory for %d (%d MiB for what connections hold)",
                Math.min(byMemory(), descriptors.connections()),
                descriptors.isBounded() ? Integer.toString(descriptors.connections()) : "any number",
                byMemory(),
                memory.all() >> 20));
        if (process < LEAST) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "warning: there are %d MiB of memory for this process. With less than 512 MiB the system may kill it under"
                            + " attack, with less than 160 MiB under any load. Raise the container's memory limit",
                    process >> 20));
        }
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
