package io.konnectproxy.mirror;

import java.util.Optional;

/** A mirror that is reached over the network. Its lines wait in a {@link DeliveryQueue}. */
final class PeerMirror implements Mirror {
    private final String name;
    private final Misses misses;
    private final DeliveryQueue queue;

    PeerMirror(String name, Transport transport, DeliveryQueue.Bounds bounds) {
        this.name = name;
        this.misses = new Misses(name);
        this.queue = new DeliveryQueue(name, transport, bounds, misses);
        queue.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void print(String line) {
        queue.offer(new MirroredLine(line));
    }

    @Override
    public Optional<Missed> missed() {
        return misses.take(queue.isOver());
    }

    @Override
    public boolean isUnsettled() {
        return queue.waiting() > 0 || misses.count() > 0;
    }

    @Override
    public long missedInAll() {
        return misses.total();
    }

    /** The lines that wait, including those being sent. */
    int waiting() {
        return queue.waiting();
    }

    /** Why the last attempt failed; empty if it did not. */
    String trouble() {
        return queue.trouble();
    }

    @Override
    public void beginEnd() {
        queue.beginEnd();
    }

    @Override
    public void awaitEnd(long nanoTime) {
        queue.awaitEnd(nanoTime);
    }
}
