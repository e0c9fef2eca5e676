package io.konnectproxy.report.render;

import io.konnectproxy.policy.Refusal;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Explains the tokens of the trail to a reader who does not know the product. */
final class Meaning {
    private static final Map<String, String> REFUSALS =
            Arrays.stream(Refusal.values()).collect(Collectors.toMap(Refusal::token, Refusal::sentence));

    private static final Map<String, String> CLOSES = Map.of(
            "client_closed", "The client closed it",
            "upstream_closed", "Konnect closed it",
            "client_reset", "The client broke it off",
            "upstream_reset", "Konnect broke it off",
            "idle", "Nothing went through for too long",
            "drained", "The proxy was shut down");

    private Meaning() {}

    static String of(String token) {
        String close = CLOSES.get(token);
        return close != null ? close : REFUSALS.getOrDefault(token, "Not known to this version of the program");
    }
}
