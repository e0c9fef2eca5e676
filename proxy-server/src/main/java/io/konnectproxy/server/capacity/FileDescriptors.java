package io.konnectproxy.server.capacity;

import com.sun.management.UnixOperatingSystemMXBean;
import io.konnectproxy.server.dns.CheckedResolver;
import java.lang.management.ManagementFactory;

/**
 * How many file descriptors there are for connections.
 *
 * @param allowed descriptors of this process in all
 * @param connections client connections for which they are enough: each needs a second one to its upstream
 */
public record FileDescriptors(long allowed, int connections) {
    /** What probes of health take, whatever others do there. */
    static final int ADMIN = 144;
    /** Files of the audit trail, mirrors, and what is read anew now and then. */
    private static final int OTHERS = 32;
    /** Look-ups may take a fifth of all descriptors at the worst; mostly each takes two for some milliseconds. */
    private static final int ALLOWED_FOR_A_LOOKUP = 64;

    private static final int FEWEST_LOOKUPS = 8;
    /** With a name server that answers within 50 ms, this many at once are 10,000 names a second. */
    private static final int MOST_LOOKUPS = 512;

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
        long connections = (allowed - taken - reserve(allowed)) / 2;
        return new FileDescriptors(allowed, (int) Math.max(1, Math.min(connections, Integer.MAX_VALUE)));
    }

    /** For what else is opened while tunnels run. */
    private static long reserve(long allowed) {
        return (long) lookups(allowed) * CheckedResolver.DESCRIPTORS_EACH + ADMIN + OTHERS;
    }

    /** How many names may be looked up at once in this process. */
    public static int lookups() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? lookups(system.getMaxFileDescriptorCount())
                : MOST_LOOKUPS;
    }

    static int lookups(long allowed) {
        return (int) Math.max(FEWEST_LOOKUPS, Math.min(allowed / ALLOWED_FOR_A_LOOKUP, MOST_LOOKUPS));
    }
}
