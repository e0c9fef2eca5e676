package io.konnectproxy.server.soak;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** How to hang up without a word of goodbye. */
final class Resets {
    private Resets() {}

    static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
