package io.konnectproxy.server.command;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory Netty may take for buffers outside the heap. Left to the JDK, an allocation beyond its bound collects garbage
 * and sleeps for half a second before it fails, on an event loop; Netty's own count fails at once, and fails that connection
 * only. So Netty's bound has to be reached first: it gets three quarters of the JDK's, and the rest is for what the JDK itself
 * allocates when it writes files.
 */
final class BufferMemory {
    private static final String PROPERTY = "io.netty.maxDirectMemory";

    private BufferMemory() {}

    /** Before the first class of Netty is loaded, which reads the property once. An operator's own value stays. */
    static void limit() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, Long.toString(ofJdk() / 4 * 3));
        }
    }

    private static long ofJdk() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long set = jvm == null
                ? 0
                : Long.parseLong(jvm.getVMOption("MaxDirectMemorySize").getValue());
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }
}
