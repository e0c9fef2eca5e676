package io.konnectproxy.server.admin;

import java.util.List;

/** Whether the proxy accepts new tunnels. Called on an event loop for every probe, so it must not block. */
@FunctionalInterface
public interface Readiness {
    /** The reasons why the proxy is not ready, a sentence each and without secrets; empty if it is ready. */
    List<String> reasonsAgainst();

    /** What is in force, a line each and without secrets. */
    default List<String> facts() {
        return List.of();
    }
}
