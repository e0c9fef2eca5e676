package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.wire.ProxyChain;

/**
 * A request whose head was read, before there is a verdict.
 *
 * @param chain through which proxies of this kind it came
 * @param asked the target as the trail has it
 * @param held what the client sent behind its request
 * @param clientFinished whether the client will send nothing more
 */
record ConnectRequest(
        ConnectTarget target, ProxyChain chain, AskedTarget asked, HeldBytes held, boolean clientFinished) {}
