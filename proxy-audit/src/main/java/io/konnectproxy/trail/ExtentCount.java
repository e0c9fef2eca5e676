package io.konnectproxy.trail;

import java.util.Optional;

/** Counts the segments and lines that were verified. Allocates nothing for a line. Not thread-safe. */
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
        // After the stop a checkpoint may follow, and records of lines that mirrors missed.
        stopped = line.isEvent("stop") || (stopped && (line.isEvent(LineForm.CHECKPOINT) || line.isEvent("mirror")));
    }

    long lines() {
        return lines;
    }

    /** @param trail of the last line */
    VerifyResult.Extent extent(Optional<String> trail) {
        return new VerifyResult.Extent(segments, lines, trail, first, first.map(any -> last.mark()), stopped);
    }
}
