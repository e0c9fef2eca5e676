package io.konnectproxy.journal;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Where time comes from.
 *
 * @param clock the time of day, which may jump
 * @param nanos nanoseconds from any origin, which do not jump
 */
public record Clocks(InstantSource clock, LongSupplier nanos) {
    public static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);
}
