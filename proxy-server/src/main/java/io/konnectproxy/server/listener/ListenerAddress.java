package io.konnectproxy.server.listener;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The configured address that a listening channel stands for. The JDK opens {@code 0.0.0.0} as a socket of both families, so
 * that what the operator configured for IPv4 could be reached over IPv6, and would be reported as {@code [::]}.
 */
final class ListenerAddress {
    private static final AttributeKey<Listener> DEMANDS = AttributeKey.valueOf("listener");

    private ListenerAddress() {}

    static void mark(Channel listener, Listener demands) {
        listener.attr(DEMANDS).set(demands);
    }

    static Listener demands(Channel listener) {
        return listener.attr(DEMANDS).get();
    }

    /** The host as configured, the port as bound. */
    static InetSocketAddress of(Channel listener) {
        InetAddress host = demands(listener).address().getAddress();
        return new InetSocketAddress(host, ((InetSocketAddress) listener.localAddress()).getPort());
    }

    static String text(Channel listener) {
        return NetUtil.toSocketAddressString(of(listener));
    }

    /** Whether the configured address can be reached from there at all. */
    static boolean isFor(Channel listener, InetAddress client) {
        return !(demands(listener).address().getAddress() instanceof Inet4Address && client instanceof Inet6Address);
    }
}
