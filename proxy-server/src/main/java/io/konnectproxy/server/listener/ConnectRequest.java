package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.target.ConnectTarget;

/**
 * A request whose head was read, before there is a verdict.
 *
 * @param asked the target as the trail has it
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
record ConnectRequest(ConnectTarget target, AskedTarget asked, HeldBytes held, boolean clientFinished) {}
