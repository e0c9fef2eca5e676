package io.konnectproxy.mirror;

import java.util.Optional;

/** A mirror at the other end of a connection. Its lines wait in the queue of a {@link Delivery}. */
final class PeerMirror implements Mirror {
    private final String name;
    private final Misses misses;
    private final Delivery delivery;

    PeerMirror(String name, Carrier carrier, Delivery.Bounds bounds) {
        this.name = name;
        this.misses = new Misses(name);
        this.delivery = new Delivery(name, carrier, bounds, misses);
        delivery.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void print(String line) {
        delivery.offer(new Line(line));
    }

    @Override
    public Optional<Missed> missed() {
        return misses.take(delivery.isOver());
    }

    @Override
    public boolean isUnsettled() {
        return delivery.waiting() > 0 || misses.count() > 0;
    }

    @Override
    public long missedInAll() {
        return misses.total();
    }

    /** Lines that wait, those included that are on their way. */
    int waiting() {
        return delivery.waiting();
    }

    /** Why the last attempt came to nothing; empty if it did not. */
    String trouble() {
        return delivery.trouble();
    }

    @Override
    public void beginEnd() {
        delivery.beginEnd();
    }

    @Override
    public void awaitEnd(long nanoTime) {
        delivery.awaitEnd(nanoTime);
    }
}
