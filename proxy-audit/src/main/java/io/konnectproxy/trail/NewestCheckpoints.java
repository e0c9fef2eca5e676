package io.konnectproxy.trail;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Keeps the checkpoints of a trail that have the highest numbers, however many an archive has. Not thread-safe. */
final class NewestCheckpoints {
    /** Two days of them, where the proxy signs every minute. */
    private static final int MOST = 3_000;

    private final PriorityQueue<CheckpointSource> newest = new PriorityQueue<>(
            Comparator.comparingLong(checkpoint -> checkpoint.key().seq()));

    void add(CheckpointSource checkpoint) {
        newest.add(checkpoint);
        if (newest.size() > MOST) {
            newest.remove();
        }
    }

    List<CheckpointSource> all() {
        return List.copyOf(newest);
    }
}
