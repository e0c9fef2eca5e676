package io.konnectproxy.trail;

import io.konnectproxy.trail.event.EventReader;
import io.konnectproxy.trail.event.TrailEvent;
import io.konnectproxy.trail.event.UnreadableLineException;
import java.util.Optional;

/** Counts the segments and lines that were verified. Allocates nothing for a line. Not thread-safe. */
final class ExtentCount {
    private int segments;
    private long lines;
    private Optional<VerifyResult.Mark> first = Optional.empty();
    private final TrailLine.Head last = new TrailLine.Head();
    private boolean stopped;
    private long ahead;

    void segment() {
        segments++;
    }

    void line(TrailLine line) {
        if (lines == 0) {
            first = Optional.of(VerifyResult.Mark.of(line));
        }
        lines++;
        line.copyHead(last);
        if (line.isEvent(LineForm.CLOCK)) {
            readClock(line);
        }
        // After the stop a checkpoint may follow, and records of lines that mirrors missed.
        stopped = line.isEvent("stop") || (stopped && (line.isEvent(LineForm.CHECKPOINT) || line.isEvent("mirror")));
    }

    private void readClock(TrailLine line) {
        try {
            if (new EventReader().read(line.text()).event() instanceof TrailEvent.ClockJump jump) {
                ahead = jump.ahead();
            }
        } catch (UnreadableLineException e) {
            // As if it were not there.
            return;
        }
    }

    long lines() {
        return lines;
    }

    /** @param trail of the last line */
    VerifyResult.Extent extent(Optional<String> trail) {
        return new VerifyResult.Extent(segments, lines, trail, first, first.map(any -> last.mark()), stopped, ahead);
    }
}
