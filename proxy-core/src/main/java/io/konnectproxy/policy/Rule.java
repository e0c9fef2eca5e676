package io.konnectproxy.policy;

import io.konnectproxy.konnect.KonnectMatch;

/** Why a tunnel is permitted. */
public sealed interface Rule {
    /** The stable name of this kind of rule in the audit line's {@code reason}. */
    String reason();

    /** The host is one of Konnect's, and its region and purpose are on, and its tenant is pinned where pins are set. */
    record KonnectRule(KonnectMatch match) implements Rule {
        @Override
        public String reason() {
            return "konnect_host";
        }
    }

    /** The host is one of the operator's own. */
    record ExtraHostRule(ExtraHost extraHost) implements Rule {
        @Override
        public String reason() {
            return "extra_host";
        }
    }

    /** No rule permits it; it is let through because refusals are only reported. */
    record UnenforcedRule(Refusal refusal) implements Rule {
        @Override
        public String reason() {
            return refusal.token();
        }
    }
}
