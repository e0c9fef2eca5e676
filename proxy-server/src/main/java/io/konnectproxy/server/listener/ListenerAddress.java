package io.konnectproxy.server.listener;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The configured {@link Listener} of a listening channel, and its address as it is recorded. Any thread. */
final class ListenerAddress {
    private static final AttributeKey<Listener> DEMANDS = AttributeKey.valueOf("listener");
    private static final AttributeKey<Boolean> REMOVED = AttributeKey.valueOf("listener-removed");

    private ListenerAddress() {}

    static void mark(Channel listener, Listener demands) {
        listener.attr(DEMANDS).set(demands);
    }

    /** The requirements in force, or the last ones of a removed listener. */
    static Listener demands(Channel listener) {
        return listener.attr(DEMANDS).get();
    }

    /** Whether the configuration still has this listener. */
    static void keep(Channel listener, boolean kept) {
        listener.attr(REMOVED).set(!kept);
    }

    static boolean isRemoved(Channel listener) {
        return Boolean.TRUE.equals(listener.attr(REMOVED).get());
    }

    /** The host as configured, the port as bound. */
    static InetSocketAddress of(Channel listener) {
        InetAddress host = demands(listener).address().getAddress();
        return new InetSocketAddress(host, ((InetSocketAddress) listener.localAddress()).getPort());
    }

    static String text(Channel listener) {
        return NetUtil.toSocketAddressString(of(listener));
    }
}
