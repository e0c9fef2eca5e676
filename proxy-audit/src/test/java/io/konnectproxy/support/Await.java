package io.konnectproxy.support;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test can only look at. */
public final class Await {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > PATIENCE) {
                throw new AssertionError("waited in vain until " + what);
            }
            pause(begun);
        }
    }

    /** Like {@link #until}; says what there was instead. */
    public static <T> void value(Callable<T> found, T wanted) throws Exception {
        long begun = System.nanoTime();
        for (T now = found.call(); !now.equals(wanted); now = found.call()) {
            if (System.nanoTime() - begun > PATIENCE) {
                throw new AssertionError("still " + now + " instead of " + wanted);
            }
            pause(begun);
        }
    }

    /** Looks often at what is soon there, and takes little from what takes longer. */
    private static void pause(long begun) {
        long tenth = (System.nanoTime() - begun) / 10;
        LockSupport.parkNanos(
                Math.min(TimeUnit.MILLISECONDS.toNanos(20), Math.max(TimeUnit.MILLISECONDS.toNanos(1), tenth)));
    }
}
