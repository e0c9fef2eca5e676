package io.konnectproxy.trail;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether a line follows the line before. Allocates nothing as long as all is well. One thread. */
final class ChainCheck {
    private static final byte[] NOTHING = Link.NONE.hash().getBytes(StandardCharsets.US_ASCII);

    private final byte[] firstHash = NOTHING.clone();
    private final byte[] lastHash = NOTHING.clone();
    private long lastSeq = -1;

    /** What is wrong with a line, in which place of the chain. */
    record Fault(Defect defect, String expected, String found) {}

    /** @param line one that has the form */
    Optional<Fault> next(TrailLine line) {
        if (!line.hashFits()) {
            return fault(Defect.EDITED, "hash " + line.hashOfBytes(), "hash " + line.hash());
        }
        boolean bound = line.prevIs(lastHash);
        if (lastSeq < 0 ? line.seq() > 1 == !line.prevIs(NOTHING) : line.seq() == lastSeq + 1 && bound) {
            if (lastSeq < 0) {
                line.copyHash(firstHash);
            }
            lastSeq = line.seq();
            line.copyHash(lastHash);
            return Optional.empty();
        }
        return lastSeq < 0 ? falseBegin(line) : wrong(line, bound);
    }

    /** The number that the next line must have. */
    long expected() {
        return lastSeq + 1;
    }

    private static Optional<Fault> falseBegin(TrailLine line) {
        return line.seq() == 1
                ? fault(Defect.FALSE_BEGIN, "seq 1, bound to nothing (64 zeros)", "seq 1, prev " + line.prev())
                : fault(
                        Defect.FALSE_BEGIN,
                        "seq " + line.seq() + ", bound to line " + (line.seq() - 1),
                        "bound to nothing (64 zeros)");
    }

    private Optional<Fault> wrong(TrailLine line, boolean bound) {
        if (line.seq() == 1 && line.prevIs(NOTHING) && !line.hashIs(firstHash)) {
            return fault(
                    Defect.NEW_TRAIL, "seq " + expected() + ", bound to line " + lastSeq, "seq 1, bound to nothing");
        }
        if (line.seq() == expected()) {
            return fault(Defect.REPLACED, "prev " + lastHash(), "prev " + line.prev());
        }
        if (bound) {
            return fault(Defect.RENUMBERED, "seq " + expected(), "seq " + line.seq());
        }
        if (line.seq() > expected()) {
            return fault(
                    Defect.MISSING,
                    "seq " + expected(),
                    "seq " + line.seq() + "; missing: " + count(line.seq() - expected(), expected()));
        }
        boolean other = line.seq() == lastSeq && !line.hashIs(lastHash);
        return fault(other ? Defect.INSERTED : Defect.DUPLICATE, "seq " + expected(), "seq " + line.seq());
    }

    /** Names a number of lines from one on. */
    static String count(long lines, long from) {
        return lines == 1 ? "line " + from : lines + " lines, " + from + " to " + (from + lines - 1);
    }

    private String lastHash() {
        return new String(lastHash, StandardCharsets.US_ASCII);
    }

    private static Optional<Fault> fault(Defect defect, String expected, String found) {
        return Optional.of(new Fault(defect, expected, found));
    }
}
