package io.konnectproxy.server;

import java.util.List;

/** A changed configuration was refused as a whole; the one before stays in force. */
public final class ReloadRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    ReloadRefusedException(List<String> problems) {
        super(String.join(" ", problems));
        this.problems = List.copyOf(problems);
    }

    /** All problems, a sentence each. */
    public List<String> problems() {
        return problems;
    }
}
