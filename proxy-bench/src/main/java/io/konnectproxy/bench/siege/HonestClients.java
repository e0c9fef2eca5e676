package io.konnectproxy.bench.siege;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;

/**
 * Data planes and a kubelet that want nothing but to be served, on one thread. Each comes when its time has come, whether or
 * not it was served before.
 */
final class HonestClients implements AutoCloseable {
    private static final int PLAIN = 4;
    private static final int LONG_TUNNELS = 2;

    /** The rate of each kind of client. */
    private static final int PLAIN_MILLIS = 300;

    private static final int DOOR_MILLIS = 500;
    private static final int SECOND = 1_000;
    private static final int TICK_MILLIS = 10;

    /** One visit in so many is for a host that was never asked for. */
    private static final int FRESH = 4;

    /** Longer than any visit waits. */
    private static final int PATIENCE_SECONDS = 15;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("honest"), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Bootstrap bootstrap = new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000);
    private final Listeners listeners;
    private final SslContext tls;
    private HonestFigures figures = new HonestFigures();
    private boolean visiting;
    private int visits;
    private long lastTick = System.nanoTime();

    HonestClients(Listeners listeners, Installation installation) throws SSLException {
        this.listeners = listeners;
        this.tls = SslContextBuilder.forClient()
                .trustManager(installation.authority().toFile())
                .endpointIdentificationAlgorithm(null)
                .sslProvider(SslProvider.JDK)
                .build();
        IntStream.range(0, PLAIN).forEach(client -> each(PLAIN_MILLIS, () -> visit(plain(client))));
        each(DOOR_MILLIS, () -> visit(throughTls()));
        each(DOOR_MILLIS, () -> visit(balanced()));
        each(SECOND, () -> visit(withCredentials()));
        each(SECOND, this::probe);
        IntStream.range(0, LONG_TUNNELS).forEach(client -> loop.execute(() -> stay(client)));
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Door plain(int client) {
        return new Door("plain", listeners.plain(), "127.1.0." + (client + 1), false, "", n -> "");
    }

    private Door throughTls() {
        return new Door("TLS", listeners.tls(), "127.1.1.1", true, "", n -> "");
    }

    private Door balanced() {
        String header = "PROXY TCP4 192.0.2.1 192.0.2.2 40000 3128\r\n";
        return new Door("load balancer", listeners.balanced(), "127.5.0.1", false, header, n -> "");
    }

    private Door withCredentials() {
        return new Door("credentials", listeners.credentials(), "127.1.2.1", false, "", n -> {
            byte[] pair = (Installation.user(n) + ":" + Installation.PASSWORD).getBytes(StandardCharsets.US_ASCII);
            return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair) + "\r\n";
        });
    }

    private Door longTunnel(int client) {
        return new Door("long tunnel", listeners.plain(), "127.1.3." + (client + 1), false, "", n -> "");
    }

    private void each(int millis, Runnable what) {
        loop.scheduleAtFixedRate(
                () -> {
                    if (visiting) {
                        what.run();
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void visit(Door door) {
        int n = visits++;
        String host = n % FRESH == 0 ? Names.honest(n) : Names.honest();
        connect(door.address(), door.local(), new Visit(door, host, n, tls, figures));
    }

    private void probe() {
        connect(listeners.admin(), new InetSocketAddress("127.1.4.1", 0), new HealthProbe(figures));
    }

    /** One that stays, and another in its place when it ends. What becomes of it counts for whatever is going on then. */
    private void stay(int client) {
        Door door = longTunnel(client);
        LongTunnel tunnel = new LongTunnel(door, visits++, tls, new HonestFigures(), () -> figures);
        connect(door.address(), door.local(), tunnel)
                .closeFuture()
                .addListener(closed -> loop.schedule(() -> stay(client), 1, TimeUnit.SECONDS));
    }

    private Channel connect(InetSocketAddress address, InetSocketAddress local, ChannelHandler handler) {
        return bootstrap.clone().handler(handler).connect(address, local).channel();
    }

    private void tick() {
        long now = System.nanoTime();
        figures.pause(now - lastTick - TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
        lastTick = now;
    }

    /** From now on there are visits, and they count anew. */
    void begin() throws InterruptedException {
        onLoop(() -> {
            figures = new HonestFigures();
            visiting = true;
            return figures;
        });
    }

    /** There are no more visits; returns what all have seen that there were, the last ones included. */
    HonestFigures end() throws InterruptedException {
        HonestFigures ended = onLoop(() -> {
            visiting = false;
            HonestFigures counted = figures;
            figures = new HonestFigures();
            return counted;
        });
        for (int tenths = 0; tenths < 10 * PATIENCE_SECONDS; tenths++) {
            if (onLoop(ended::isIdle)) {
                return ended;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("a visit does not end");
    }

    private <T> T onLoop(Callable<T> task) throws InterruptedException {
        try {
            return loop.submit(task).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
