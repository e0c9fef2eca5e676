package io.konnectproxy.server;

import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.audit.RefusalSums;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the sums of refusals once a minute and at the end. While the trail cannot be written, refusals are still only
 * counted in the bounded sums: the queue of records that wait for the end of an outage is for the ends of tunnels.
 */
final class RefusalMinutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalMinutes.class);

    private final RefusalSums refusals;
    private final AuditTrail trail;
    private final BooleanSupplier available;
    private final InstantSource clock;
    private final Future<?> timer;

    /**
     * Starts the timer.
     *
     * @param available whether the trail can be written
     * @param timer measures the minutes, by a monotonic clock
     */
    RefusalMinutes(
            RefusalSums refusals,
            AuditTrail trail,
            BooleanSupplier available,
            InstantSource clock,
            EventExecutor timer) {
        this.refusals = refusals;
        this.trail = trail;
        this.available = available;
        this.clock = clock;
        // With a fixed delay, so that minutes do not run in a burst after a pause of the process.
        this.timer = timer.scheduleWithFixedDelay(this::onMinute, 1, 1, TimeUnit.MINUTES);
    }

    private void onMinute() {
        try {
            end(available.getAsBoolean());
        } catch (RuntimeException | Error e) {
            // An exception here would stop the timer.
            LOG.error("The refusals of a minute could not be written: {}.", e.toString());
        }
    }

    private void end(boolean written) {
        refusals.endMinute(written, clock.instant()).forEach(trail::record);
    }

    /** Writes the remaining sums, after the last refusal. */
    @Override
    public void close() {
        timer.cancel(false);
        end(true);
    }
}
