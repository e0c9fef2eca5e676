package io.konnectproxy.server.admin;

import java.util.List;

/** Whether new tunnels are welcome. Asked on an event loop for every probe: looks, never waits. */
@FunctionalInterface
public interface Readiness {
    /** Why the proxy is not ready, a sentence each and nothing secret; empty when it is. */
    List<String> reasonsAgainst();
}
