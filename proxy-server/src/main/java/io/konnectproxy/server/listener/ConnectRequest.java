package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.ProxyChain;

/**
 * A request whose head was read, before there is a verdict.
 *
 * @param chain through which proxies of this kind it came
 * @param begun since when the client waits for an answer, on the clock of {@link System#nanoTime}
 * @param asked the target as the trail has it
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
record ConnectRequest(
        ConnectTarget target,
        ProxyChain chain,
        long begun,
        AskedTarget asked,
        HeldBytes held,
        boolean clientFinished) {}
