package io.konnectproxy.server.tunnel;

/** Fired through client pipelines at shutdown. */
public enum Drain {
    /** No new tunnels; open ones may finish. */
    BEGIN,
    /** An open tunnel's turn to end; whatever is not open yet goes on. */
    TURN,
    /** The time is up. */
    END
}
