package io.konnectproxy.trail.event;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The kind of a tunnel's outcome. */
public enum Ending {
    CLOSED,
    /** The client's first bytes after the 200 were refused. */
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

    /** Whether it counts as a tunnel. An unknown outcome does, because a later version may have more ways to close one. */
    public boolean wasOpen() {
        return this == CLOSED || this == UNKNOWN;
    }
}
