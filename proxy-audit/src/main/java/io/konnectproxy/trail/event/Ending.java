package io.konnectproxy.trail.event;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What the outcome of a tunnel means. */
public enum Ending {
    CLOSED,
    /** After the 200 the client did not begin as it had to. */
    CUT,
    NEVER_OPEN,
    /** An outcome that this version does not know. */
    UNKNOWN;

    private static final Map<String, Ending> OF_REFUSALS = Arrays.stream(Refusal.values())
            .collect(Collectors.toMap(
                    Refusal::token, refusal -> refusal.compareTo(Refusal.INTERNAL_ERROR) > 0 ? CUT : NEVER_OPEN));

    private static final Map<String, Ending> OF_CLOSES =
            Arrays.stream(Outcome.Closed.values()).collect(Collectors.toMap(Outcome.Closed::token, closed -> CLOSED));

    public static Ending of(String outcome) {
        Ending ending = OF_CLOSES.get(outcome);
        return ending != null ? ending : OF_REFUSALS.getOrDefault(outcome, UNKNOWN);
    }

    /** Whether it counts as a tunnel. What is not known does: a later version may have found more ways to close one. */
    public boolean wasOpen() {
        return this == CLOSED || this == UNKNOWN;
    }
}
