package io.konnectproxy.server.tunnel;

/** Fired through the pipeline of a client whose tunnel the configuration in force refuses: the tunnel ends now. */
public enum PolicyChanged {
    POLICY_CHANGED
}
