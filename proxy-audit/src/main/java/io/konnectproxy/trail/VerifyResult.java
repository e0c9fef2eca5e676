package io.konnectproxy.trail;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The result of verifying a trail. */
public sealed interface VerifyResult {
    /** What was read until then. */
    Extent extent();

    /**
     * The chain is whole, and what was given to check it with agrees.
     *
     * @param checkpoints how many of its lines are checkpoints
     * @param keys fingerprints of the keys that they name
     * @param signedTo the last line that a checked signature proves; empty without a key
     * @param keptTo the last line that a checkpoint kept elsewhere proves; empty without one
     * @param incidents what the trail itself records of gaps and the like
     */
    record Intact(
            Extent extent,
            long checkpoints,
            Set<String> keys,
            OptionalLong signedTo,
            OptionalLong keptTo,
            Incidents incidents)
            implements VerifyResult {}

    /**
     * The first defect.
     *
     * @param line counts from 1 in that segment; empty where it is the trail as a whole
     */
    record Broken(Extent extent, Defect defect, Path segment, OptionalLong line, String expected, String found)
            implements VerifyResult {}

    /**
     * What was read and found whole.
     *
     * @param first the first line; empty when there is none
     * @param last the last one
     * @param stopped whether it ends with the proxy's stop
     */
    record Extent(int segments, long lines, Optional<Mark> first, Optional<Mark> last, boolean stopped) {}

    /** A line, by what names it. */
    record Mark(long seq, String time) {
        static Mark of(TrailLine line) {
            return new Mark(line.seq(), line.time());
        }
    }

    /**
     * What the trail itself records of what is not in it, or not in a mirror.
     *
     * @param first the first of them, as sentences
     * @param more how many there are besides
     */
    record Incidents(List<String> first, long more) {
        public Incidents {
            first = List.copyOf(first);
        }
    }
}
