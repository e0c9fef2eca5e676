package io.konnectproxy.server.differential;

import java.util.HexFormat;
import java.util.List;

/**
 * One generated input.
 *
 * @param origin what brings it back
 * @param sketch what its bytes were written from
 * @param mutations what was changed in it, in this order
 * @param form what is known of it without reading it
 * @param segments its bytes as they come from the network
 */
record Input<S>(String origin, S sketch, List<String> mutations, Form form, List<byte[]> segments) {
    enum Form {
        /** Not mutated. */
        WELL_FORMED,
        /** Mutated once, in a way that never leaves it well-formed. */
        MALFORMED,
        UNKNOWN
    }

    byte[] bytes() {
        return Bytes.concat(segments.toArray(byte[][]::new));
    }

    /** All that is needed to see it again. */
    @Override
    public String toString() {
        List<Integer> lengths = segments.stream().map(segment -> segment.length).toList();
        return origin + ", " + mutations + ", in segments of " + lengths + ": "
                + HexFormat.of().formatHex(bytes());
    }
}
