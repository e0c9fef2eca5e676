package io.konnectproxy.server.soak;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** Sends visits to the proxy, each from the loopback address it is given. One thread. */
final class Visitors implements AutoCloseable {
    private static final int ADDRESSES_IN_A_ROW = 250;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final InetSocketAddress proxy;

    Visitors(InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    /** Kong's request, byte for byte. */
    static byte[] kongHead(String host) {
        return ("CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\nProxy-Connection: Keep-Alive\r\n\r\n")
                .getBytes(US_ASCII);
    }

    /** Begins a visit as client number {@code client}; what becomes of it is told by {@link Visit#done}. */
    void send(Visit visit, int client) {
        visit.begins();
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(visit)
                .connect(proxy, new InetSocketAddress(address(client), 0));
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                visit.fail("cannot connect: " + connected.cause());
            }
        });
    }

    EventLoopGroup loop() {
        return loop;
    }

    private static InetAddress address(int client) {
        int row = client / ADDRESSES_IN_A_ROW;
        byte[] bytes = {127, 1, (byte) row, (byte) (1 + client % ADDRESSES_IN_A_ROW)};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes nothing: visits are to be over. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
