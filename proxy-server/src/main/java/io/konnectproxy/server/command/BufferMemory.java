package io.konnectproxy.server.command;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Limits Netty's direct buffers. At the JDK's limit for direct memory, an allocation runs the garbage collector and
 * sleeps for half a second on an event loop before it fails. At Netty's own limit it fails at once, and only for that
 * connection. So Netty's limit must be the lower one: it is three quarters of the JDK's, and the rest is for the direct
 * buffers of the JDK when it writes files.
 */
final class BufferMemory {
    private static final String PROPERTY = "io.netty.maxDirectMemory";

    private BufferMemory() {}

    /**
     * Must be called before the first class of Netty is loaded, which reads the property once. A value that the
     * operator has set is kept.
     */
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
