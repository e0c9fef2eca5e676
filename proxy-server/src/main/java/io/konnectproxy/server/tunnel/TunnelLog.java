package io.konnectproxy.server.tunnel;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operational log of connections and tunnels: only what needs an operator, never one line for each connection. */
public final class TunnelLog {
    private static final Logger LOG = LoggerFactory.getLogger("tunnel");

    /** Limited by sentence: a data plane with a wrong setting reconnects every few seconds without end. */
    private static final ConcurrentMap<String, Interval> MISDIRECTED = new ConcurrentHashMap<>();

    private static final ConcurrentMap<String, Interval> INTERNAL_ERRORS = new ConcurrentHashMap<>();

    /**
     * Limited by client: a data plane that does not trust a certificate reconnects as often, and an operator must be
     * able to find each of them.
     */
    private static final ClientIntervals HANDSHAKES_IN_VAIN = new ClientIntervals(System::nanoTime);

    private static final Interval OUT_OF_DESCRIPTORS = new Interval();
    private static final Interval CANNOT_ACCEPT = new Interval();

    private TunnelLog() {}

    /**
     * A client speaks another protocol than the listener.
     *
     * @param hint one of a few sentences, with nothing of the client's in it
     */
    public static void misdirected(String hint, InetSocketAddress client) {
        if (MISDIRECTED.computeIfAbsent(hint, another -> new Interval()).isOver()) {
            LOG.warn(
                    "From {}: {} (said once a minute; the audit trail counts them all)",
                    NetUtil.toSocketAddressString(client),
                    hint);
        }
    }

    /**
     * A client of a TLS listener left or was cut off before the first byte of a request.
     *
     * @param hint one of a few sentences, with nothing of the client's in it
     */
    public static void handshakeInVain(String hint, InetAddress client) {
        ClientIntervals.Told told = HANDSHAKES_IN_VAIN.happened(client);
        if (told.now()) {
            LOG.warn(
                    "From {}: {} ({} since this was last said; said once a minute for each client)",
                    told.apart() ? NetUtil.toAddressString(client) : "more clients than are told apart",
                    hint,
                    told.count() == 1 ? "once" : told.count() + " times");
        }
    }

    public static void outOfDescriptors(int connections) {
        if (OUT_OF_DESCRIPTORS.isOver()) {
            LOG.warn(
                    "There are file descriptors for {} connections only, and that many are open; whoever comes now waits until"
                            + " somebody leaves (said once a minute). Raise the limit: LimitNOFILE= of systemd, ulimit -n elsewhere",
                    connections);
        }
    }

    public static void cannotAccept(Throwable cause) {
        if (CANNOT_ACCEPT.isOver()) {
            LOG.warn(
                    "No connection can be accepted: {}. Open tunnels go on, and it is tried again every second (said once a minute)",
                    String.valueOf(cause.getMessage()));
        }
    }

    /**
     * A parent could not be reached.
     *
     * @param why a sentence that names it
     * @param times how often it has failed since the last message
     */
    public static void parentFailed(String why, Duration avoided, int times) {
        LOG.warn(
                "{} Other parents, if there are any, are tried before it for {} s{}",
                why,
                avoided.toSeconds(),
                times > 1 ? " (it has come and gone " + times + " times; said once a minute)" : "");
    }

    public static void parentAnswers(String url) {
        LOG.info("The parent proxy {} answers again", url);
    }

    /** Limited, because a client that can cause an internal error may repeat it. */
    public static void internalError(Throwable cause) {
        if (INTERNAL_ERRORS
                .computeIfAbsent(place(cause), another -> new Interval())
                .isOver()) {
            LOG.error(
                    "Internal error, the connection was refused (said once a minute for each place in the program): {}",
                    cause.toString(),
                    cause);
        }
    }

    /** The place in the program. Its number of values is bounded, unlike that of the messages of exceptions. */
    private static String place(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getName() + (trace.length == 0 ? "" : " " + trace[0]);
    }

    /** Limits a message to one a minute. Thread-safe. */
    private static final class Interval {
        private static final long NANOS = TimeUnit.MINUTES.toNanos(1);

        private final AtomicLong next = new AtomicLong(System.nanoTime());

        boolean isOver() {
            long now = System.nanoTime();
            long due = next.get();
            return now - due >= 0 && next.compareAndSet(due, now + NANOS);
        }
    }
}
