package io.konnectproxy.server.live;

import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.server.tunnel.Tunnel;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is read each time that something is rendered, on the thread that renders.
 *
 * @param decisions the decisions so far by verdict and then by reason, sums of refusals included
 * @param carried the bytes of all tunnels so far, by direction
 * @param tunnels those that are open
 */
public record LiveSources(
        Supplier<ProxyFacts> facts,
        Supplier<Map<String, Map<String, Long>>> decisions,
        Supplier<Map<String, Long>> carried,
        Supplier<List<Tunnel>> tunnels,
        DataPlanes dataPlanes,
        RecentDecisions recent) {}
