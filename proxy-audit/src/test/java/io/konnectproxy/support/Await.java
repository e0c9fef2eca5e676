package io.konnectproxy.support;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test can only look at. */
public final class Await {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Like {@link #until}; says what there was instead. */
    public static <T> void value(Callable<T> found, T wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        for (T now = found.call(); !now.equals(wanted); now = found.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still " + now + " instead of " + wanted);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
