package io.konnectproxy.server.listener;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.Egress;

/**
 * The services that connections use before their verdict, and those that their tunnels use after it.
 *
 * @param refusals decides which refusals have a line of their own in the trail
 */
public record ListenerServices(
        EgressPolicy policy,
        RefusalSums refusals,
        Configuration.Limits limits,
        TunnelServices tunnels,
        Egress egress) {}
