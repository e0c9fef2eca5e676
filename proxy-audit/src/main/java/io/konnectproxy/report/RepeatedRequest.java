package io.konnectproxy.report;

import java.util.Optional;

/** Identical requests of one client with the same result, as of a client that retries. */
public record RepeatedRequest(String client, String target, String result) {
    /** The target of a sum of refusals, which does not have the targets. */
    public static final String SUMMED_UP = "(summed up)";

    /** The name of a target in tables: a request may have no target, or one that is not recorded. */
    static String named(Optional<String> target) {
        return target.map(asked -> asked.isEmpty() ? "(not recorded)" : asked).orElse("(nothing asked for)");
    }
}
