package io.konnectproxy.audit;

import io.konnectproxy.policy.Refusal;
import java.util.Locale;

/** How a permitted tunnel ended. */
public sealed interface Outcome {
    /** The stable name in the audit line. */
    String token();

    /** The tunnel was open and was closed; the constant says by whom. */
    enum Closed implements Outcome {
        CLIENT_CLOSED,
        UPSTREAM_CLOSED,
        CLIENT_RESET,
        UPSTREAM_RESET,
        IDLE,
        DRAINED;

        @Override
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The tunnel never came about, or was cut. */
    record Failed(Refusal refusal) implements Outcome {
        @Override
        public String token() {
            return refusal.token();
        }
    }
}
