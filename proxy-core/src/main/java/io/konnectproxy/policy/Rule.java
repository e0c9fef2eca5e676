package io.konnectproxy.policy;

import io.konnectproxy.konnect.KonnectMatch;

/** The rule that permits a tunnel. */
public sealed interface Rule {
    /** The stable name of the rule in {@code reason} of the audit line. */
    String reason();

    /** The host is a Konnect host whose region and purpose are enabled, and whose tenant no pin excludes. */
    record KonnectRule(KonnectMatch match) implements Rule {
        @Override
        public String reason() {
            return "konnect_host";
        }
    }

    /** The host is one of the configured extra hosts. */
    record ExtraHostRule(ExtraHost extraHost) implements Rule {
        @Override
        public String reason() {
            return "extra_host";
        }
    }

    /** No rule permits the target, but refusals are only reported. */
    record UnenforcedRule(Refusal refusal) implements Rule {
        @Override
        public String reason() {
            return refusal.token();
        }
    }
}
