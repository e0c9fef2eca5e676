package io.konnectproxy.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sends lines to one peer. A call may block for a bounded time. One thread sends; {@link #close} is thread-safe. */
interface Transport extends AutoCloseable {
    /** Sends the lines once, in this order. What the peer or the network does is a result, never an exception. */
    DeliveryResult send(List<MirroredLine> lines);

    /** Ends a {@link #send} that is in progress. */
    @Override
    void close();

    /** The result of sending once. */
    sealed interface DeliveryResult {
        /**
         * The peer has decided about the lines. They are not sent again.
         *
         * @param refused lines that the peer rejected
         * @param why the reason; empty if the peer accepted all
         */
        record Settled(int refused, String why) implements DeliveryResult {
            static final Settled ALL = new Settled(0, "");
        }

        /**
         * Sending failed and is tried again.
         *
         * @param why as in "connection refused"
         * @param after the delay that the peer asked for
         */
        record Postponed(String why, Optional<Duration> after) implements DeliveryResult {
            Postponed(String why) {
                this(why, Optional.empty());
            }
        }
    }
}
