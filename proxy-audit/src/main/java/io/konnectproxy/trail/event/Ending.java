package io.konnectproxy.trail.event;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What the outcome of a tunnel means. */
public enum Ending {
    CLOSED("open, then closed"),
    /** After the 200 the client did not begin as it had to. */
    CUT("cut at its first bytes"),
    NEVER_OPEN("never open"),
    /** An outcome that this version does not know. */
    UNKNOWN("not known to this version");

    private static final Map<String, Ending> OF_REFUSALS = Arrays.stream(Refusal.values())
            .collect(Collectors.toMap(
                    Refusal::token, refusal -> refusal.compareTo(Refusal.INTERNAL_ERROR) > 0 ? CUT : NEVER_OPEN));

    private static final Map<String, Ending> OF_CLOSES =
            Arrays.stream(Outcome.Closed.values()).collect(Collectors.toMap(Outcome.Closed::token, closed -> CLOSED));

    private final String words;

    Ending(String words) {
        this.words = words;
    }

    public static Ending of(String outcome) {
        Ending ending = OF_CLOSES.get(outcome);
        return ending != null ? ending : OF_REFUSALS.getOrDefault(outcome, UNKNOWN);
    }

    /** Whether it counts as a tunnel. What is not known does: a later version may have found more ways to close one. */
    public boolean wasOpen() {
        return this == CLOSED || this == UNKNOWN;
    }

    public String words() {
        return words;
    }
}
