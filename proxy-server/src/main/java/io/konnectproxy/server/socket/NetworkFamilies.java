package io.konnectproxy.server.socket;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import org.slf4j.LoggerFactory;

/** Which families of addresses the sockets of this machine have. */
public final class NetworkFamilies {
    private NetworkFamilies() {}

    /** Whether there are IPv6 sockets; a container without an IPv6 address has none, and Java gives it none. */
    public static boolean hasIpv6() {
        try (ServerSocketChannel probe = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            return probe.isOpen();
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        }
    }

    /**
     * Where to listen for what is configured: {@code [::]} stands for every address of this machine, so that one configuration
     * fits every cluster. Where there is no IPv6 that is {@code 0.0.0.0}.
     */
    public static InetSocketAddress listening(InetSocketAddress configured) {
        boolean everywhere = configured.getAddress() instanceof Inet6Address
                && configured.getAddress().isAnyLocalAddress();
        if (!everywhere || hasIpv6()) {
            return configured;
        }
        InetSocketAddress ipv4 =
                new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString("0.0.0.0"), configured.getPort());
        LoggerFactory.getLogger(NetworkFamilies.class)
                .warn("This machine has no IPv6: 0.0.0.0 is listened on in place of [::], at port {}.", ipv4.getPort());
        return ipv4;
    }
}
