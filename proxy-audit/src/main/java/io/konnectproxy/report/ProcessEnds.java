package io.konnectproxy.report;

import io.konnectproxy.trail.event.TrailEvent;
import java.util.Optional;

/**
 * Finds the ends of a proxy's processes that left no {@code stop} in the trail, as a kill leaves none. Only the next start shows such an
 * end: a trail whose last process has no stop may be that of a proxy that runs. For one trail; not thread-safe.
 */
final class ProcessEnds {
    private ProcessState state = ProcessState.UNKNOWN;
    private long lastTime = Long.MIN_VALUE;

    private enum ProcessState {
        /** At the beginning, and behind lines that are missing or cannot be read: one of them may be the stop. */
        UNKNOWN,
        RUNS,
        ENDED
    }

    /**
     * An end without a stop.
     *
     * @param last the time of the last line before it
     * @param next the time of the next start
     */
    record EndWithoutStop(long last, long next) {}

    /** A line of the trail, in its order. Returns an end before it that left no stop. */
    Optional<EndWithoutStop> next(TrailEvent event) {
        boolean starts = event instanceof TrailEvent.Start;
        boolean failed = event instanceof TrailEvent.NotStarted;
        Optional<EndWithoutStop> end = (starts || failed) && state == ProcessState.RUNS
                ? Optional.of(new EndWithoutStop(lastTime, event.time()))
                : Optional.empty();
        if (starts) {
            state = ProcessState.RUNS;
        } else if (failed || event instanceof TrailEvent.Stop) {
            state = ProcessState.ENDED;
        } else if (state == ProcessState.UNKNOWN && isOfARunningProxy(event)) {
            state = ProcessState.RUNS;
        }
        lastTime = event.time();
        return end;
    }

    /** Lines are missing here, or cannot be read. */
    void interrupted() {
        state = ProcessState.UNKNOWN;
    }

    /** What the trail says of itself may stand between a stop and a start. */
    private static boolean isOfARunningProxy(TrailEvent event) {
        return event instanceof TrailEvent.Decision
                || event instanceof TrailEvent.TunnelEnd
                || event instanceof TrailEvent.Refusals
                || event instanceof TrailEvent.Drain
                || event instanceof TrailEvent.ReloadRefused
                || (event instanceof TrailEvent.Policy policy && policy.isReload());
    }
}
