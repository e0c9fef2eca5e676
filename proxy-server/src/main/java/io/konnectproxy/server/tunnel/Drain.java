package io.konnectproxy.server.tunnel;

/** Fired through every client pipeline at shutdown. */
enum Drain {
    /** No new tunnels; open ones may finish. */
    BEGIN,
    /** The time is up. */
    END
}
