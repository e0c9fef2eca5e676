package io.konnectproxy.trail;

import java.time.Duration;

/**
 * Reads a trail once, from its first line to its last, and shows each line to a visitor. Lines that a running proxy adds
 * meanwhile are not read. It needs memory for one line. For one use; not thread-safe.
 */
public final class TrailWalk {
    /** A running proxy completes a line much sooner. A line that a crash interrupted stays incomplete. */
    static final Duration LINE_TIMEOUT = Duration.ofSeconds(2);

    private static final int LINES_A_REPORT = 10_000;

    private final Duration lineTimeout;
    private final Progress progress;

    /** Receives the progress at intervals. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports the progress.
         *
         * @param bytes bytes of the files that were read, as stored
         * @param lines lines that were read
         */
        void at(long bytes, long lines);
    }

    public TrailWalk(Progress progress) {
        this(progress, LINE_TIMEOUT);
    }

    /** @param lineTimeout how long the end of an incomplete line is awaited */
    TrailWalk(Progress progress, Duration lineTimeout) {
        this.progress = progress;
        this.lineTimeout = lineTimeout;
    }

    /** Shows all lines, or those until the visitor is done. */
    public void over(Segments segments, TrailVisitor visitor) {
        if (segments.inOrder().isEmpty()) {
            return;
        }
        try (TrailSteps steps = new TrailSteps(segments, visitor, lineTimeout)) {
            while (!visitor.isDone() && steps.next()) {
                steps.show();
                if (steps.number() % LINES_A_REPORT == 0) {
                    progress.at(steps.position(), steps.lines());
                }
            }
        }
    }
}
