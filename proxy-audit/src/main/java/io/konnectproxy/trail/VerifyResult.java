package io.konnectproxy.trail;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The result of the verification of a trail. */
public sealed interface VerifyResult {
    /** The extent that was verified. */
    Extent extent();

    /**
     * The chain is intact, and the given keys and checkpoints match it.
     *
     * @param checkpoints the number of checkpoints
     * @param keys fingerprints of the keys that the checkpoints name
     * @param signedTo the last line that a verified signature proves; empty if no key was given
     * @param keptTo the last line that a kept checkpoint proves; empty if none was given
     * @param incidents the losses that the trail itself records
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
     * @param signedTo the last line before it that a verified signature proves; empty without any
     * @param segment the name of the segment; not escaped
     * @param line the number of the line in the segment, from 1; empty if the defect is one of the whole trail
     */
    record Broken(
            Extent extent,
            OptionalLong signedTo,
            Defect defect,
            String segment,
            OptionalLong line,
            String expected,
            String found)
            implements VerifyResult {}

    /**
     * The part of the trail that was verified without a defect.
     *
     * @param trail the trail that the lines are of; empty if they are of version 1
     * @param first the first line; empty if there is none
     * @param last the last line; empty if there is none
     * @param stopped whether it ends with the stop of the proxy
     */
    record Extent(
            int segments,
            long lines,
            Optional<String> trail,
            Optional<Mark> first,
            Optional<Mark> last,
            boolean stopped) {}

    /** Identifies a line. */
    record Mark(long seq, String time) {
        static Mark of(TrailLine line) {
            return new Mark(line.seq(), line.time());
        }
    }

    /**
     * The losses that the trail itself records: lines that are not in it, or not in a mirror.
     *
     * @param first the first losses, as sentences
     * @param more the number of further losses
     */
    record Incidents(List<String> first, long more) {
        public Incidents {
            first = List.copyOf(first);
        }
    }
}
