package io.konnectproxy.audit;

import io.konnectproxy.policy.Refusal;
import java.util.Locale;

/** How a permitted tunnel ended. */
public sealed interface Outcome {
    /** The stable name of the outcome in the audit line. */
    String token();

    /** The tunnel was open and was closed. The constant names the cause. */
    enum Closed implements Outcome {
        CLIENT_CLOSED,
        UPSTREAM_CLOSED,
        CLIENT_RESET,
        UPSTREAM_RESET,
        IDLE,
        DRAINED,
        /** A reload brought rules that refuse this tunnel. */
        POLICY_CHANGED;

        private final String token = name().toLowerCase(Locale.ROOT);

        @Override
        public String token() {
            return token;
        }
    }

    /** The tunnel was never opened, or was closed because of a refusal. */
    record Failed(Refusal refusal) implements Outcome {
        @Override
        public String token() {
            return refusal.token();
        }
    }
}
