package io.konnectproxy.server.soak;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What this process holds once the garbage is gone. */
public final class Memory {
    private Memory() {}

    /** Live heap, in bytes. Collects the garbage, which takes its time. */
    public static long heap() {
        // Twice: what a reference queue lets go of after the first time is garbage the second time.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Memory outside the heap, Netty's and the JDK's, whether a buffer is in use or kept for the next one; in bytes. */
    public static long direct() {
        long jdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return jdk + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
