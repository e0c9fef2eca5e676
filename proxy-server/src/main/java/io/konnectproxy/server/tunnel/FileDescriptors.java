package io.konnectproxy.server.tunnel;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many file descriptors there are for connections.
 *
 * @param allowed descriptors of this process in all
 * @param connections client connections for which they are enough: each needs a second one to its upstream
 */
record FileDescriptors(long allowed, int connections) {
    /** For what else is opened while tunnels run: look-ups, probes of health, files. */
    private static final int RESERVE = 128;

    /** Of this process, with what it holds already taken off. Unlimited where the system does not tell. */
    static FileDescriptors ofThisProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? leaving(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : new FileDescriptors(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Whether the system tells a bound. */
    boolean isBounded() {
        return connections != Integer.MAX_VALUE;
    }

    static FileDescriptors leaving(long allowed, long taken) {
        long connections = (allowed - taken - RESERVE) / 2;
        return new FileDescriptors(allowed, (int) Math.max(1, Math.min(connections, Integer.MAX_VALUE)));
    }
}
