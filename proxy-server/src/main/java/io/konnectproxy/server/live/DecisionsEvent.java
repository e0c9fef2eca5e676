package io.konnectproxy.server.live;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The event {@code decisions}. Its components are the members of the JSON.
 *
 * @param more how many others there were, those included that the trail only sums up
 * @param shown the oldest first
 */
record DecisionsEvent(long more, List<Shown> shown) {
    DecisionsEvent {
        shown = List.copyOf(shown);
    }

    /**
     * A decision.
     *
     * @param seq always empty: the line has its number only once it is written
     * @param reason token of the refusal, or name of the rule
     * @param remedy the hint of the audit line; of a refusal without one, what is always said of it
     */
    record Shown(
            Instant time,
            Optional<Long> seq,
            String id,
            String client,
            Optional<String> user,
            String listener,
            Optional<String> target,
            String verdict,
            String reason,
            Optional<String> sentence,
            Optional<String> remedy) {}
}
