package io.konnectproxy.trail;

import java.util.Optional;

/** Counts what was read and found whole. Allocates nothing for a line. One thread. */
final class ExtentCount {
    private int segments;
    private long lines;
    private Optional<VerifyResult.Mark> first = Optional.empty();
    private final TrailLine.Head last = new TrailLine.Head();
    private boolean stopped;

    void segment() {
        segments++;
    }

    void line(TrailLine line) {
        if (lines == 0) {
            first = Optional.of(VerifyResult.Mark.of(line));
        }
        lines++;
        line.copyHead(last);
        // What the trail says of itself may follow: a signature, and what mirrors missed in the end.
        stopped = line.isEvent("stop") || (stopped && (line.isEvent(LineForm.CHECKPOINT) || line.isEvent("mirror")));
    }

    long lines() {
        return lines;
    }

    VerifyResult.Extent extent() {
        return new VerifyResult.Extent(segments, lines, first, first.map(any -> last.mark()), stopped);
    }
}
