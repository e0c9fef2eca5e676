package io.konnectproxy.report;

import io.konnectproxy.trail.event.Micros;
import java.time.Instant;
import java.util.Optional;

/**
 * What a report is asked about.
 *
 * @param since its first moment; empty for the beginning of the trail
 * @param until the first moment that is no longer part of it; empty for the end of the trail
 */
public record Period(Optional<Instant> since, Optional<Instant> until) {
    public static final Period ALL = new Period(Optional.empty(), Optional.empty());

    public Period {
        if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
            throw new IllegalArgumentException("a period that ends before it begins");
        }
    }

    /** Whether a moment, in microseconds, lies in it. */
    boolean contains(long time) {
        return time >= sinceMicros() && time < untilMicros();
    }

    /** In microseconds, for comparing. */
    long sinceMicros() {
        return since.map(Micros::of).orElse(Long.MIN_VALUE);
    }

    long untilMicros() {
        return until.map(Micros::of).orElse(Long.MAX_VALUE);
    }
}
