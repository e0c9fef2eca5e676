package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;
import java.util.function.BiConsumer;

/**
 * Fired through client pipelines after a change of the configuration: a connection with a permitted tunnel names it.
 *
 * @param found is given the tunnel and the client's channel, on its event loop
 */
public record Census(BiConsumer<Tunnel, Channel> found) {}
