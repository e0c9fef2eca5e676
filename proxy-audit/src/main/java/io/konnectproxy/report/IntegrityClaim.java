package io.konnectproxy.report;

import java.util.Locale;

/**
 * One of the four things that can be said of a trail's integrity.
 *
 * @param ground what the assurance rests on, and where it ends; whole sentences
 */
public record IntegrityClaim(Aspect aspect, Assurance assurance, String ground) {
    /** What is claimed. Tokens are stable. */
    public enum Aspect {
        /** The proxy's key signed the lines. */
        AUTHENTIC,
        /** The lines are as they were written. */
        UNALTERED,
        /** No line is missing. */
        COMPLETE,
        /** Something out of reach of whoever can write the files holds the lines. */
        ANCHORED;

        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far the claim holds. Tokens are stable. */
    public enum Assurance {
        HOLDS,
        IN_PART,
        FAILS,
        NOT_CHECKED;

        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
