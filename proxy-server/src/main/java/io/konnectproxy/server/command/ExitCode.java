package io.konnectproxy.server.command;

/** The exit codes of the commands; 64, 74 and 78 are those of sysexits.h. */
final class ExitCode {
    static final int OK = 0;
    /** Refused, unhealthy, broken, or not started: the command prints which. */
    static final int FAILED = 1;

    /** Of {@code doctor}: a step has failed; {@link #FAILED} are warnings there. */
    static final int UNWELL = 2;

    static final int USAGE = 64;
    /** A result could not be written. */
    static final int OUTPUT = 74;

    static final int CONFIGURATION = 78;

    private ExitCode() {}
}
