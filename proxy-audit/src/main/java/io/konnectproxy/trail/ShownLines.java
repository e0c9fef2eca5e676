package io.konnectproxy.trail;

import java.util.Map;
import java.util.TreeMap;

/** The last lines of a trail that were shown, by which a reader finds where the trail goes on. Not thread-safe. */
final class ShownLines {
    /** They take some 2 MB. */
    private static final int MOST = 10_000;

    private final TreeMap<Long, String> hashes = new TreeMap<>();

    void add(Link line) {
        forgetAfter(line.seq() - 1);
        hashes.put(line.seq(), line.hash());
        if (hashes.size() > MOST) {
            hashes.pollFirstEntry();
        }
    }

    boolean isEmpty() {
        return hashes.isEmpty();
    }

    Link last() {
        Map.Entry<Long, String> last = hashes.lastEntry();
        return last == null ? Link.NONE : new Link(last.getKey(), last.getValue());
    }

    long oldest() {
        return hashes.isEmpty() ? 0 : hashes.firstKey();
    }

    boolean has(TrailLine line) {
        String hash = hashes.get(line.seq());
        return hash != null && hash.equals(line.hash());
    }

    void forgetAfter(long seq) {
        hashes.tailMap(seq, false).clear();
    }
}
