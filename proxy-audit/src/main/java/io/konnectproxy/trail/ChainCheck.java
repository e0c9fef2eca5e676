package io.konnectproxy.trail;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Checks that each line follows the line before it. Allocates nothing for a valid line. Not thread-safe. */
final class ChainCheck {
    private static final byte[] NOTHING = Link.NONE.hash().getBytes(StandardCharsets.US_ASCII);

    private static final String UNNAMED = "a trail of version 1";

    private final byte[] firstHash = NOTHING.clone();
    private final byte[] lastHash = NOTHING.clone();
    private final byte[] lastTrail = new byte[LineForm.TRAIL_LENGTH];
    /** Whether a line of version 2 was read. */
    private boolean named;

    private long lastSeq = -1;

    /** A defect, with the expected value and the one that was found. */
    record Fault(Defect defect, String expected, String found) {}

    /** @param line a line that {@link TrailLine#read} accepted */
    Optional<Fault> next(TrailLine line) {
        if (!line.hashFits()) {
            return fault(Defect.EDITED, "hash " + line.hashOfBytes(), "hash " + line.hash());
        }
        boolean bound = line.prevIs(lastHash);
        boolean same = !named || line.trailIs(lastTrail);
        if (lastSeq < 0 ? line.seq() > 1 == !line.prevIs(NOTHING) : line.seq() == lastSeq + 1 && bound && same) {
            if (lastSeq < 0) {
                line.copyHash(firstHash);
            }
            if (line.hasTrail()) {
                named = true;
                line.copyTrail(lastTrail);
            }
            lastSeq = line.seq();
            line.copyHash(lastHash);
            return Optional.empty();
        }
        return lastSeq < 0 ? falseBegin(line) : wrong(line, bound);
    }

    /** The sequence number that the next line must have. */
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
                    Defect.NEW_TRAIL,
                    "seq " + expected() + " of " + expectedTrail() + ", bound to line " + lastSeq,
                    "seq 1 of " + trailOf(line) + ", bound to nothing");
        }
        if (named && !line.trailIs(lastTrail)) {
            return fault(
                    line.hasTrail() ? Defect.OTHER_TRAIL : Defect.OLDER_VERSION,
                    "seq " + expected() + " of " + expectedTrail(),
                    "seq " + line.seq() + " of " + trailOf(line));
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

    private String expectedTrail() {
        return named ? "trail " + new String(lastTrail, StandardCharsets.US_ASCII) : UNNAMED;
    }

    private static String trailOf(TrailLine line) {
        return line.trail().map(trail -> "trail " + trail).orElse(UNNAMED);
    }

    /** The trail of the last line; empty if that is of version 1. */
    Optional<String> trail() {
        return named ? Optional.of(new String(lastTrail, StandardCharsets.US_ASCII)) : Optional.empty();
    }

    /** Describes a range of lines, {@code 3 lines, 7 to 9}. */
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
