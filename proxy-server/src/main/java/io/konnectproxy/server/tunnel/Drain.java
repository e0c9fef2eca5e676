package io.konnectproxy.server.tunnel;

/** Fired through client pipelines at shutdown. */
public enum Drain {
    /** No new tunnels; open ones may finish. */
    BEGIN,
    /** Ends an open tunnel; a connection whose tunnel is not open yet continues. */
    TURN,
    /** The time is up. */
    END
}
