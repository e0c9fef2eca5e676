package io.konnectproxy.server.capacity;

import com.sun.management.UnixOperatingSystemMXBean;
import io.konnectproxy.server.dns.CheckedResolver;
import io.konnectproxy.server.splice.Pipes;
import java.lang.management.ManagementFactory;

/**
 * The file descriptors for connections.
 *
 * @param allowed the limit of this process
 * @param connections client connections for which they suffice: each needs a second descriptor for its upstream
 */
public record FileDescriptors(long allowed, int connections) {
    /** Descriptors for the admin port, which enforces that limit. */
    static final int ADMIN = 160;
    /** Descriptors for the audit trail, mirrors, and files that are polled. */
    private static final int OTHERS = 32;
    /**
     * One look-up is allowed for this many descriptors, so look-ups take a fifth of all at most. Mostly each takes two for
     * some milliseconds.
     */
    private static final int ALLOWED_FOR_A_LOOKUP = 64;

    private static final int FEWEST_LOOKUPS = 8;
    /** Each takes two, so pipes take a thirty-second of all at most. */
    private static final int ALLOWED_FOR_A_PIPE = 64;

    /** With a resolver that answers within 50 ms, this many are 10,000 names a second. */
    private static final int MOST_LOOKUPS = 512;

    /**
     * The descriptors of this process, without those that are open already. Unlimited if the system does not report a
     * limit.
     */
    static FileDescriptors ofThisProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? leaving(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : new FileDescriptors(Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /** Whether the system reports a limit. */
    boolean isBounded() {
        return connections != Integer.MAX_VALUE;
    }

    static FileDescriptors leaving(long allowed, long taken) {
        long connections = (allowed - taken - reserve(allowed)) / 2;
        return new FileDescriptors(allowed, (int) Math.max(1, Math.min(connections, Integer.MAX_VALUE)));
    }

    /** Descriptors for everything but tunnels. */
    private static long reserve(long allowed) {
        return (long) lookups(allowed) * CheckedResolver.DESCRIPTORS_EACH
                + (long) pipes(allowed) * Pipes.DESCRIPTORS_EACH
                + ADMIN
                + OTHERS;
    }

    /** How many pipes may be open at once. */
    public int pipes() {
        return pipes(allowed);
    }

    private static int pipes(long allowed) {
        return Pipes.canBe() ? (int) Math.min(allowed / ALLOWED_FOR_A_PIPE, Pipes.MOST) : 0;
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
