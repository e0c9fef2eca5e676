package io.konnectproxy.server.listener;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.Egress;

/**
 * What connections without a verdict need of the rest of the house, and what those with one will need.
 *
 * @param refusals which of them have a line of their own in the trail
 */
public record ListenerServices(
        EgressPolicy policy,
        RefusalSums refusals,
        Configuration.Limits limits,
        TunnelServices tunnels,
        Egress egress) {}
