package io.konnectproxy.report;

import java.util.Optional;

/** What a client that keeps trying does again and again: the same request with the same result. */
public record RepeatedRequest(String client, String target, String result) {
    /** Where the trail has a sum, which does not say what was asked for. */
    public static final String SUMMED_UP = "(summed up)";

    /** The target as tables name it: a client may have asked for nothing, or for something that is not recorded. */
    static String named(Optional<String> target) {
        return target.map(asked -> asked.isEmpty() ? "(not recorded)" : asked).orElse("(nothing asked for)");
    }
}
