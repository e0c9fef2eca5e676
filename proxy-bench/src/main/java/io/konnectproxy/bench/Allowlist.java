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

    /** As Smokescreen has it: for clients of any role, {@code *.} stands for labels. */
    String asAcl() {
        return patterns.stream()
                .map(pattern -> "\"" + pattern + "\"")
                .collect(Collectors.joining(
                        ", ",
                        "version: v1\nservices: []\ndefault: {name: default, project: bench, action: enforce,"
                                + " allowed_domains: [",
                        "]}\n"));
    }

    /** One extended regular expression, which permits what {@link Subject#host} and {@link Subject#loopHost} have instead, too. */
    String asExpression(String behind) {
        return Stream.concat(patterns.stream(), Stream.of("localhost", LoopOrigin.ADDRESS.getHostString()))
                .map(pattern -> pattern.replace(".", "\\.").replace("*", "[a-z0-9-]+"))
                .collect(Collectors.joining("|", "^(", ")" + behind + "$"));
    }
}
