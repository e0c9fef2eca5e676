package io.konnectproxy.server;

/** The proxy could not start. The message is a sentence for the operator. */
public final class StartupException extends Exception {
    private static final long serialVersionUID = 1;

    StartupException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
