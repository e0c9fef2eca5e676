package io.konnectproxy.server.upstream;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.Slot;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.wire.ProxyChain;

/**
 * A request that was permitted, before anything is dialled for it.
 *
 * @param chain through which proxies of this kind the request came
 * @param begun since when the client waits for an answer, on the clock of {@link System#nanoTime}
 * @param decision is not recorded yet
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
public record PermittedTunnel(
        Tunnel tunnel,
        ProxyChain chain,
        long begun,
        AuditRecord.Decision decision,
        Slot slot,
        HeldBytes held,
        boolean clientFinished) {}
