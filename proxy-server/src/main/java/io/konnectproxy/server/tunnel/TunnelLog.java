package io.konnectproxy.server.tunnel;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operational log of this package: what an operator should look at, and never a line a connection. */
final class TunnelLog {
    private static final Logger LOG = LoggerFactory.getLogger("tunnel");

    /** A data plane with a wrong setting comes back every few seconds, for ever. */
    private static final long MISDIRECTED_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final AtomicLong NEXT_MISDIRECTED = new AtomicLong(System.nanoTime());

    private TunnelLog() {}

    /** Somebody speaks another protocol here. */
    static void misdirected(String hint, SocketAddress client) {
        long now = System.nanoTime();
        long next = NEXT_MISDIRECTED.get();
        if (now - next >= 0 && NEXT_MISDIRECTED.compareAndSet(next, now + MISDIRECTED_PAUSE_NANOS)) {
            LOG.warn("From {}: {} (said once a minute; the audit trail has them all)", client, hint);
        }
    }

    static void internalError(Throwable cause) {
        LOG.error("Internal error, the connection was refused: {}", cause.toString(), cause);
    }
}
