package io.konnectproxy.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All destinations for copies of the trail's lines. The trail is complete without them.
 *
 * <p>One thread prints, asks and closes; nothing here makes it wait, but {@link #close}, for a bounded time.
 */
public final class Mirrors implements AutoCloseable {
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Half a minute of a busy proxy, and no more memory than a small proxy can spare. */
    private static final DeliveryQueue.Bounds BOUNDS = new DeliveryQueue.Bounds(32_768, 16 << 20, 512, 64 << 10);

    private final List<Mirror> mirrors;

    Mirrors(List<Mirror> mirrors) {
        this.mirrors = List.copyOf(mirrors);
    }

    /**
     * Opens them. Connects to nobody yet: a peer that is not there hinders no start.
     *
     * @param stdout whether standard output is one
     */
    public static Mirrors open(boolean stdout, List<MirrorTarget> targets) {
        List<Mirror> mirrors = new ArrayList<>();
        if (stdout) {
            mirrors.add(new StandardOutputMirror());
        }
        for (MirrorTarget target : targets) {
            mirrors.add(new PeerMirror(target.url().toString(), transport(target), BOUNDS));
        }
        return new Mirrors(mirrors);
    }

    private static Transport transport(MirrorTarget target) {
        return target.url().protocol().isSyslog() ? SyslogTransport.to(target) : OtlpTransport.to(target);
    }

    /** Whether nobody wants a line. */
    public boolean isEmpty() {
        return mirrors.isEmpty();
    }

    /**
     * Shows a line everywhere, as far as there is room.
     *
     * @param line of the trail, without its line feed
     */
    public void print(String line) {
        mirrors.forEach(mirror -> mirror.print(line));
    }

    /**
     * What is to be recorded in the trail as missed by a mirror. Each loss is given out once: when the mirror takes lines
     * again, so that the record finds its way there too; after a minute if it still does not; and after {@link #close}.
     */
    public List<Missed> missed() {
        return mirrors.stream().flatMap(mirror -> mirror.missed().stream()).toList();
    }

    /** Whether {@link #missed} has something to say or may have later, even if no line is printed. */
    public boolean isUnsettled() {
        return mirrors.stream().anyMatch(Mirror::isUnsettled);
    }

    /** Lines that any of the mirrors has missed since they were opened. */
    public long missedInAll() {
        return mirrors.stream().mapToLong(Mirror::missedInAll).sum();
    }

    /** Gives all of them two seconds to take what waits. Then {@link #missed} has all that they did not. */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_NANOS;
        mirrors.forEach(Mirror::beginEnd);
        mirrors.forEach(mirror -> mirror.awaitEnd(end));
    }
}
