package io.konnectproxy.server.upstream;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.Slot;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.wire.ProxyChain;

/**
 * A request that was permitted, before anything is dialled for it.
 *
 * @param chain the proxies of this kind that the request has passed
 * @param begun when the client began to wait for the answer, on the clock of {@link System#nanoTime}
 * @param decision not recorded yet
 * @param held what the client sent after the request head
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
