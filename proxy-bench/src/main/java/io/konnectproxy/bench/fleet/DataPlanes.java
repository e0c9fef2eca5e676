package io.konnectproxy.bench.fleet;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * All data planes, on one thread. Each has an address of its own and a proxy that it goes to first, keeps a tunnel to its control
 * plane, and comes back when it has none: as Kong does, ten times as fast. One that finds no proxy, and one in ten that come back,
 * go to another proxy. One has the wrong region set, comes back to its proxy at once, and is refused so often that the proxy sums it up.
 */
final class DataPlanes implements AutoCloseable {
    /** Kong waits 5 to 10 s. */
    private static final int LEAST_PAUSE_MILLIS = 500;

    private static final double MOVES = 0.1;

    /** The data plane that has the wrong region set, and its proxy, which is left alone. */
    private static final int MISCONFIGURED = 3;

    private static final int MISCONFIGURED_PAUSE_MILLIS = 100;

    /** So many data planes have one control plane. */
    private static final int OF_ONE_CONTROL_PLANE = 50;

    /** Longer than any tunnel needs to come to rest. */
    private static final int PATIENCE_SECONDS = 30;

    /** The first port that a data plane comes from. The next is the next number. */
    private static final int FIRST_PORT = 10_000;

    private static final int ADDRESSES_OF_A_NETWORK = 250;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("data-planes"), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Bootstrap bootstrap = new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5_000);
    private final List<Machine> machines;
    private final String network;
    private final Random random = new Random(20);
    private final List<Attempt> attempts = new ArrayList<>();
    private boolean ending;
    private int open;

    /**
     * @param network the first two numbers of their addresses
     */
    DataPlanes(List<Machine> machines, String network) {
        this.machines = List.copyOf(machines);
        this.network = network;
    }

    /** All come, spread over so many seconds. */
    void begin(int dataPlanes, int seconds) {
        loop.execute(() -> {
            for (int n = 0; n < dataPlanes; n++) {
                DataPlane dataPlane = new DataPlane(n, n % machines.size());
                loop.schedule(dataPlane::come, random.nextInt(1_000 * seconds), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Nobody comes any more, and each tunnel is ended as soon as it is at rest; returns all that was asked. */
    List<Attempt> end() throws InterruptedException {
        loop.execute(() -> ending = true);
        for (int tenths = 0; tenths < 10 * PATIENCE_SECONDS; tenths++) {
            if (openNow() == 0) {
                return List.copyOf(attempts);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("a tunnel does not end");
    }

    /** Connections at this moment. */
    int openNow() throws InterruptedException {
        try {
            return loop.submit(() -> open).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class DataPlane implements Visit.End {
        private final String address;
        private final String controlPlane;
        private final boolean misconfigured;
        private int machine;
        private int port = FIRST_PORT;

        DataPlane(int n, int machine) {
            this.address = network + "." + (1 + n / ADDRESSES_OF_A_NETWORK) + "." + (1 + n % ADDRESSES_OF_A_NETWORK);
            this.controlPlane = String.format("06%08x", n / OF_ONE_CONTROL_PLANE);
            this.misconfigured = n == MISCONFIGURED;
            this.machine = machine;
        }

        private Errand errand() {
            return misconfigured ? Errand.elsewhere(controlPlane) : Errand.chosen(controlPlane, random);
        }

        void come() {
            if (ending) {
                return;
            }
            InetSocketAddress from = new InetSocketAddress(address, port++);
            Machine to = machines.get(machine);
            Attempt attempt = new Attempt(to.instance(), from);
            open++;
            bootstrap
                    .clone()
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Visit(errand(), attempt, random, DataPlane.this));
                        }
                    })
                    .connect(to.listener(), from)
                    .addListener(connected -> {
                        if (connected.isSuccess()) {
                            attempts.add(attempt);
                        } else {
                            // A port that somebody has says nothing about the proxy.
                            ended(connected.cause() instanceof BindException);
                        }
                    });
        }

        @Override
        public void ended(boolean served) {
            open--;
            if (!misconfigured && (!served || random.nextDouble() < MOVES)) {
                machine = random.nextInt(machines.size());
            }
            if (!ending) {
                int pause = misconfigured
                        ? MISCONFIGURED_PAUSE_MILLIS
                        : LEAST_PAUSE_MILLIS + random.nextInt(LEAST_PAUSE_MILLIS);
                loop.schedule(this::come, pause, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public boolean isEnding() {
            return ending;
        }
    }
}
