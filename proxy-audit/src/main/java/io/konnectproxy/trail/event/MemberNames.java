package io.konnectproxy.trail.event;

import java.util.ArrayList;
import java.util.List;

/** Detects duplicate names in an object, which would be ambiguous. Designed for about a dozen members. */
final class MemberNames {
    /** Lines have far fewer members. The limit bounds the time of the comparisons. */
    private static final int MOST = 256;

    private final List<String> names = new ArrayList<>(16);
    /** A bit for each hash code, by which most new names are recognized without a comparison. */
    private long hashes;

    /** Adds a name. Returns false if it was already added. */
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
