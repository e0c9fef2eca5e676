package io.konnectproxy.server.socket;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import org.slf4j.LoggerFactory;

/** The address families that sockets of this machine support. */
public final class NetworkFamilies {
    private NetworkFamilies() {}

    /** Whether Java can open IPv6 sockets; in a container without an IPv6 address it cannot. */
    public static boolean hasIpv6() {
        try (ServerSocketChannel probe = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            return probe.isOpen();
        } catch (UnsupportedOperationException | IOException e) {
            return false;
        }
    }

    /**
     * The address to bind for a configured one: {@code [::]} means every address of this machine, so that one
     * configuration fits every cluster. Without IPv6 it becomes {@code 0.0.0.0}.
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
