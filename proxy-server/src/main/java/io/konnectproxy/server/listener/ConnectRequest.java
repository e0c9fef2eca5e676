package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.ProxyChain;

/**
 * A request whose head was read, before there is a verdict.
 *
 * @param chain the proxies of this kind that it has passed
 * @param begun when the client began to wait for the answer, on the clock of {@link System#nanoTime}
 * @param asked the target as it is recorded in the trail
 * @param held what the client sent after the request head
 * @param clientFinished whether the client will send nothing more
 */
record ConnectRequest(
        ConnectTarget target,
        ProxyChain chain,
        long begun,
        AskedTarget asked,
        HeldBytes held,
        boolean clientFinished) {}
