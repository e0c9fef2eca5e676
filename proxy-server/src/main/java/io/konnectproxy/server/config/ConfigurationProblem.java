package io.konnectproxy.server.config;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration. All texts are printable.
 *
 * @param place empty if no file and no variable is to blame
 * @param sentence the problem and the remedy, without the place
 */
public record ConfigurationProblem(Optional<SourceLocation> place, String sentence) {
    /** With the place in front, {@code konnect-proxy.yaml:12: …}. */
    @Override
    public String toString() {
        return place.map(at -> at + ": ").orElse("") + sentence;
    }
}
