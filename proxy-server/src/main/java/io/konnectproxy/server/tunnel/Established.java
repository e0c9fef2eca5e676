package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;

/**
 * A tunnel that was announced to the client as open, before any of its bytes went to the upstream.
 *
 * @param held what the client sent so far
 * @param clientFinished whether the client will send nothing more
 */
public record Established(Tunnel tunnel, Slot slot, Channel upstream, HeldBytes held, boolean clientFinished) {}
