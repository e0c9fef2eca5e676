package io.konnectproxy.trail.event;

import java.util.ArrayList;
import java.util.List;

/** The names of an object's members: one that stands there twice could be read in two ways. Made for a dozen of them. */
final class MemberNames {
    /** No line has near as many, and comparing each with each must not take long. */
    private static final int MOST = 256;

    private final List<String> names = new ArrayList<>(16);
    /** A bit for each hash, which tells of most names at once that they are new. */
    private long hashes;

    /** Adds a name; false when it was there already. */
    boolean add(String name) throws UnreadableLineException {
        long hash = 1L << name.hashCode();
        if ((hashes & hash) != 0 && names.contains(name)) {
            return false;
        }
        hashes |= hash;
        if (names.size() == MOST) {
            throw new UnreadableLineException("it has an object of more than " + MOST + " members");
        }
        names.add(name);
        return true;
    }
}
