package io.konnectproxy.trail;

/** Looks for a line that is not where it should be: it may be further down in its file. Not thread-safe. */
final class MissingLine {
    private static final int LOOK_AHEAD = 10_000;

    private final long wanted;
    private final long number;
    private ChainCheck.Fault fault;

    /**
     * @param wanted the sequence number of the line
     * @param number where it should be in the file
     */
    MissingLine(ChainCheck.Fault fault, long wanted, long number) {
        this.fault = fault;
        this.wanted = wanted;
        this.number = number;
    }

    /** Whether the search is over with this line. */
    boolean isExplainedBy(long seq, long at) {
        if (seq == wanted) {
            fault = new ChainCheck.Fault(
                    Defect.SWAPPED,
                    fault.expected(),
                    fault.found().replaceAll(";.*", "") + "; line " + wanted + " stands " + (at - number)
                            + " further down");
            return true;
        }
        return at - number >= LOOK_AHEAD;
    }

    ChainCheck.Fault fault() {
        return fault;
    }

    long number() {
        return number;
    }
}
