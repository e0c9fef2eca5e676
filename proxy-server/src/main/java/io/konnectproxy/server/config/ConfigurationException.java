package io.konnectproxy.server.config;

import java.util.List;

/** The configuration cannot be used. Its message is made for the operator; where it was thrown tells nothing. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // An immutable list, and nobody serializes it.
    private final List<String> problems;

    ConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, each with its place and what would be right; at least one. */
    public List<String> problems() {
        return problems;
    }
}
