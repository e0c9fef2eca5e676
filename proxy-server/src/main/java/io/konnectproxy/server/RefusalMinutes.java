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
 * Writes what refusals were summed up to, once a minute and at the end. While the trail cannot be written they go on being
 * summed up, where they are bounded: the room in which records wait for its return is for the ends of tunnels.
 */
final class RefusalMinutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalMinutes.class);

    private final RefusalSums refusals;
    private final AuditTrail trail;
    private final BooleanSupplier available;
    private final InstantSource clock;
    private final Future<?> timer;

    /**
     * Begins the first minute.
     *
     * @param available whether the trail can be written
     * @param timer tells the minutes, by a clock that nobody sets
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
        // From end to end: after a pause of the process, no minutes follow one another at once.
        this.timer = timer.scheduleWithFixedDelay(this::onMinute, 1, 1, TimeUnit.MINUTES);
    }

    private void onMinute() {
        try {
            end(available.getAsBoolean());
        } catch (RuntimeException | Error e) {
            // What throws here would be the last minute that ends.
            LOG.error("The refusals of a minute could not be written: {}.", e.toString());
        }
    }

    private void end(boolean written) {
        refusals.endMinute(written, clock.instant()).forEach(trail::record);
    }

    /** Writes what is left, when nobody is refused any more. */
    @Override
    public void close() {
        timer.cancel(false);
        end(true);
    }
}
