package io.konnectproxy.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings lines to one peer. May block, for a bounded time; one thread, but {@link #close} is for any. */
interface Transport extends AutoCloseable {
    /** Tries once, in this order. Never throws for what the peer or the network does. */
    DeliveryResult send(List<Line> lines);

    /** Ends a {@link #send} that is under way. */
    @Override
    void close();

    /** What became of an attempt. */
    sealed interface DeliveryResult {
        /**
         * It was the peer's to take them, and it need not be tried again.
         *
         * @param refused how many it did not want
         * @param why it did not; empty if it took all
         */
        record Settled(int refused, String why) implements DeliveryResult {
            static final Settled ALL = new Settled(0, "");
        }

        /**
         * It may work later.
         *
         * @param why as in "connection refused"
         * @param after the peer's wish when to come back
         */
        record Failed(String why, Optional<Duration> after) implements DeliveryResult {
            Failed(String why) {
                this(why, Optional.empty());
            }
        }
    }
}
