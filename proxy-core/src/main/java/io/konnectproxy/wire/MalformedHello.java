package io.konnectproxy.wire;

/** Unwinds the reading of a ClientHello at its first fault; never leaves this package. */
final class MalformedHello extends Exception {
    private final String problem;

    MalformedHello(String problem) {
        super(problem, null, false, false);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
