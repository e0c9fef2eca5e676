package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.time.Instant;
import java.util.Optional;

/**
 * The period of a report.
 *
 * @param since its beginning; empty for the beginning of the trail
 * @param until its end, exclusive; empty for the end of the trail
 */
public record Period(Optional<Instant> since, Optional<Instant> until) {
    public static final Period ALL = new Period(Optional.empty(), Optional.empty());

    public Period {
        if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
            throw new IllegalArgumentException("a period that ends before it begins");
        }
    }

    /** Whether a moment, in microseconds, lies in it. */
    public boolean contains(long time) {
        return time >= sinceMicros() && time < untilMicros();
    }

    /** The beginning in microseconds, for comparisons. */
    long sinceMicros() {
        return since.map(Micros::of).orElse(Long.MIN_VALUE);
    }

    long untilMicros() {
        return until.map(Micros::of).orElse(Long.MAX_VALUE);
    }
}
