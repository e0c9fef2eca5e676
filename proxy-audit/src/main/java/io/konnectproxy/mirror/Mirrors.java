package io.konnectproxy.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All destinations for copies of the trail's lines. The trail is complete without them.
 *
 * <p>All methods are called by one thread. None of them blocks, except {@link #close}, for a bounded time.
 */
public final class Mirrors implements AutoCloseable {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Enough for half a minute of a busy proxy, in an amount of memory that a small proxy has. */
    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);

    private final List<Mirror> mirrors;

    Mirrors(List<Mirror> mirrors) {
        this.mirrors = List.copyOf(mirrors);
    }

    /**
     * Opens them without connecting, so that an unreachable receiver does not prevent the start.
     *
     * @param instance the name of this proxy for the receivers
     * @param stdout whether lines are copied to standard output
     */
    public static Mirrors open(String instance, boolean stdout, List<MirrorTarget> targets) {
        List<Mirror> mirrors = new ArrayList<>();
        if (stdout) {
            mirrors.add(new StandardOutputMirror());
        }
        for (MirrorTarget target : targets) {
            mirrors.add(new PeerMirror(target.url().toString(), transport(instance, target), BOUNDS));
        }
        return new Mirrors(mirrors);
    }

    private static Transport transport(String instance, MirrorTarget target) {
        return target.url().protocol().isSyslog()
                ? SyslogTransport.to(instance, target)
                : OtlpTransport.to(instance, target);
    }

    public boolean isEmpty() {
        return mirrors.isEmpty();
    }

    /**
     * Gives a line to all mirrors; each takes it or counts it as missed.
     *
     * @param line of the trail, without its line feed
     */
    public void print(String line) {
        mirrors.forEach(mirror -> mirror.print(line));
    }

    /**
     * The losses to be recorded in the trail. Each loss is returned once: when the mirror takes lines again, so that it
     * gets the record too; after a minute if it still does not; or after {@link #close}.
     */
    public List<Missed> missed() {
        return mirrors.stream().flatMap(mirror -> mirror.missed().stream()).toList();
    }

    /** Whether {@link #missed} may return a loss, now or later, even if no further line is printed. */
    public boolean isUnsettled() {
        return mirrors.stream().anyMatch(Mirror::isUnsettled);
    }

    /** Lines that any of the mirrors has missed since they were opened. */
    public long missedInAll() {
        return mirrors.stream().mapToLong(Mirror::missedInAll).sum();
    }

    /**
     * Gives all mirrors two seconds to take the waiting lines. After that {@link #missed} returns those that they did
     * not take.
     */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_NANOS;
        mirrors.forEach(Mirror::beginEnd);
        mirrors.forEach(mirror -> mirror.awaitEnd(end));
    }
}
