package io.konnectproxy.server.config;

import java.util.List;

/** The configuration is invalid. The message is for the operator; the stack trace has no information. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // An immutable list; never serialized.
    private final List<ConfigurationProblem> all;

    ConfigurationException(Problems problems) {
        super(String.join(System.lineSeparator(), problems.sentences()));
        this.all = problems.all();
    }

    /** All problems, each with its location and a remedy; at least one. */
    public List<String> problems() {
        return all.stream().map(ConfigurationProblem::toString).toList();
    }

    /** The same, apart from their locations. */
    public List<ConfigurationProblem> all() {
        return all;
    }
}
