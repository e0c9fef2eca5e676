package io.konnectproxy.wire;

/** Ends the parsing of a ClientHello at its first fault. It is caught within this package. */
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
