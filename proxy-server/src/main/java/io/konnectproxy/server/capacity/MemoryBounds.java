package io.konnectproxy.server.capacity;

import com.sun.management.OperatingSystemMXBean;
import io.konnectproxy.server.config.MemoryLimit;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * How much of a process's memory connections may hold. Two thirds of {@code limits.memory} are for the heap and one for
 * buffers, but never more than the process has of either beside what it needs itself: half of its heap, since a collector
 * works well only while a good part is free, and half of its buffers, since reads in progress need some as well.
 *
 * @param heap bytes on the heap
 * @param buffers bytes in buffers outside the heap
 */
public record MemoryBounds(long heap, long buffers) {

    /**
     * Of this process: what its container or machine has, the size that the JVM may give its heap, and what Netty may take
     * for buffers.
     */
    static MemoryBounds ofThisProcess(MemoryLimit limit) {
        return within(limit.of(total()), Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    }

    static MemoryBounds within(long limit, long maxHeap, long maxBuffers) {
        return new MemoryBounds(Math.min(limit / 3 * 2, maxHeap / 2), Math.min(limit / 3, maxBuffers / 2));
    }

    long all() {
        return heap + buffers;
    }

    /** The limit of the container where there is one, else the machine's memory. */
    static long total() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
