package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * Neither a data plane nor a firewall says goodbye for the other: a peer that is gone without a word is noticed after two
 * minutes. The systems' own default, two hours, is longer than the idle limit.
 */
final class KeepAlive {
    /** Tunnels that are closed sooner, as those of short requests are, are spared eight system calls. */
    static final Duration AFTER = Duration.ofSeconds(30);

    private KeepAlive() {}

    /** Has the system ask the peer of a connection that stays. On its event loop. */
    static void begin(Channel channel) {
        if (channel.isOpen()) {
            ChannelConfig config = channel.config();
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 60);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 15);
            config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 4);
        }
    }
}
