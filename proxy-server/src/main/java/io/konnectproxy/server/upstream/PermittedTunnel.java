package io.konnectproxy.server.upstream;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.Slot;
import io.konnectproxy.server.tunnel.Tunnel;

/**
 * A request that was permitted, before anything is dialled for it.
 *
 * @param decision is not recorded yet
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
public record PermittedTunnel(
        Tunnel tunnel, AuditRecord.Decision decision, Slot slot, HeldBytes held, boolean clientFinished) {}
