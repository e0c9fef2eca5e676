package io.konnectproxy.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same hosts for everybody, in everybody's form.
 *
 * @param patterns host names; {@code *.} in front stands for labels
 */
record Allowlist(List<String> patterns) {
    /** As Squid's {@code dstdomain} has it: a name that begins with a dot stands for all below. */
    String asDomains() {
        return patterns.stream()
                .map(pattern -> pattern.startsWith("*.") ? pattern.substring(1) : pattern)
                .collect(Collectors.joining(" "));
    }

    /** One extended regular expression, which permits {@code localhost} too: see {@link Subject#host}. */
    String asExpression(String behind) {
        return Stream.concat(patterns.stream(), Stream.of("localhost"))
                .map(pattern -> pattern.replace(".", "\\.").replace("*", "[a-z0-9-]+"))
                .collect(Collectors.joining("|", "^(", ")" + behind + "$"));
    }
}
