package io.konnectproxy.server.capacity;

import com.sun.management.OperatingSystemMXBean;
import io.konnectproxy.server.config.MemoryLimit;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * How much of a process's memory connections may hold. Two thirds of {@code limits.memory} are for the heap and one third
 * is for buffers, but at most half of each of what the process has: the garbage collector works well only while much of the
 * heap is free, and reads in progress need buffers too.
 *
 * @param heap bytes on the heap
 * @param buffers bytes in buffers outside the heap
 */
public record MemoryBounds(long heap, long buffers) {

    /**
     * The bounds of this process, from the memory of its container or machine, the maximum heap size of the JVM, and the
     * maximum direct memory of Netty.
     */
    static MemoryBounds ofThisProcess(MemoryLimit limit) {
        return within(limit.of(total()), Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    }

    static MemoryBounds within(long limit, long maxHeap, long maxBuffers) {
        return new MemoryBounds(Math.min(limit / 3 * 2, maxHeap / 2), Math.min(limit / 3, maxBuffers / 2));
    }

    /** Both together. */
    public long all() {
        return heap + buffers;
    }

    /** The memory limit of the container, or the machine's memory if there is none. */
    static long total() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
