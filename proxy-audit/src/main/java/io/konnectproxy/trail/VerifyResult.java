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
     * @param notHere the lines behind the last one that the archive's checkpoints prove; empty if there are none
     * @param incidents the losses that the trail itself records
     */
    record Intact(
            Extent extent,
            long checkpoints,
            Set<String> keys,
            OptionalLong signedTo,
            OptionalLong keptTo,
            Optional<NotHere> notHere,
            Incidents incidents)
            implements VerifyResult {}

    /** The archive has checkpoints of the trail, which prove that it was written, and none of its files. */
    record Absent(NotHere notHere) implements VerifyResult {
        @Override
        public Extent extent() {
            return Extent.NOTHING;
        }
    }

    /**
     * Lines that were written and were not read.
     *
     * @param after the time of the line before them; empty if there is none
     * @param until the time of the last of them, or of the line behind them
     */
    record NotHere(long from, long to, Optional<String> after, String until) {
        public long lines() {
            return to - from + 1;
        }
    }

    /**
     * The first defect.
     *
     * @param signedTo the last line before it that a verified signature proves; empty without any
     * @param segment the name of the segment; not escaped
     * @param line the number of the line in the segment, from 1; empty if the defect is one of the whole trail
     * @param notHere the lines that are missing before that one, or that a checkpoint of the archive proves behind the last one;
     *     empty if the defect is another one
     */
    record Broken(
            Extent extent,
            OptionalLong signedTo,
            Defect defect,
            String segment,
            OptionalLong line,
            String expected,
            String found,
            Optional<NotHere> notHere)
            implements VerifyResult {}

    /**
     * The part of the trail that was verified without a defect.
     *
     * @param trail the trail that the lines are of; empty if they are of version 1
     * @param first the first line; empty if there is none
     * @param last the last line; empty if there is none
     * @param stopped whether it ends with the stop of the proxy
     * @param ahead microseconds by which the clock was ahead of the time that the trail had seen pass, as its last clock line says;
     *     negative if it was behind
     */
    record Extent(
            int segments,
            long lines,
            Optional<String> trail,
            Optional<Mark> first,
            Optional<Mark> last,
            boolean stopped,
            long ahead) {
        static final Extent NOTHING = new Extent(0, 0, Optional.empty(), Optional.empty(), Optional.empty(), false, 0);
    }

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
