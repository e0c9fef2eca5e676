package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;

/**
 * A request that was permitted, before anything is dialled for it.
 *
 * @param decision is not recorded yet
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
record PermittedTunnel(
        Tunnel tunnel, AuditRecord.Decision decision, Slot slot, HeldBytes held, boolean clientFinished) {}
