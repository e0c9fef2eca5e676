package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP keepalive for tunnels that stay open. A peer may vanish without a FIN or RST, for example because a firewall
 * dropped the connection; it is noticed after two minutes. The default of the operating systems is two hours.
 */
final class KeepAlive {
    /** Tunnels that are closed earlier, such as those of short requests, save eight system calls. */
    static final Duration AFTER = Duration.ofSeconds(30);

    private KeepAlive() {}

    /** Turns keepalive on. Runs on the channel's event loop. */
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
