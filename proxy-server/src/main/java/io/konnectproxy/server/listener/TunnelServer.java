package io.konnectproxy.server.listener;

import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.socket.BindFailure;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.ReadSizes;
import io.konnectproxy.server.upstream.UpstreamGate;
import io.konnectproxy.server.upstream.littleproxy.LittleProxyServer;
import io.konnectproxy.server.upstream.littleproxy.TunnelLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Owns all listeners and all tunnels. Opened once, drained once. */
public final class TunnelServer implements AutoCloseable {
    /** The time to record what is still open when the drain time is over. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(2);

    private final ListenerServices services;
    private final Admission admission;
    private final MemoryBudget memory;
    private final BoundedConnections undecided;
    private final BoundedConnections refused;
    private final Phases phases;
    private final TunnelLoops loops;
    private final Capacity capacity;
    private final AcceptGate acceptGate;
    /**
     * Computes TLS handshakes, so that a storm of them delays no open tunnel. Its threads end after 10 s without work.
     */
    private final ThreadPoolExecutor handshakes;

    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<LittleProxyServer.Listening> engines = new ArrayList<>();
    private final List<Channel> listeners = new ArrayList<>();
    /** The listener that is being opened; used only by the thread that starts the server. */
    private @Nullable Listener opening;

    private TunnelServer(ListenerServices services) {
        this.services = services;
        this.capacity = Capacity.of(services.limits());
        this.memory = new MemoryBudget(capacity.memory());
        this.admission = new Admission(services.limits(), memory);
        this.undecided = BoundedConnections.undecided(services.limits(), capacity.descriptors());
        this.refused = BoundedConnections.refused(services.limits(), capacity.descriptors());
        this.acceptGate = new AcceptGate(capacity.descriptors().connections());
        this.handshakes = new ThreadPoolExecutor(
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().availableProcessors(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("handshake", true));
        this.handshakes.allowCoreThreadTimeOut(true);
        this.phases = new Phases(services.tunnels(), services.egress(), this::connectionOf, handshakes);
        this.loops = new TunnelLoops(Runtime.getRuntime().availableProcessors(), this::initListener, this::initChannel);
    }

    /**
     * Opens all listeners, or none. Clients wait in the system's queue until {@link #accept}.
     *
     * @throws IOException with a sentence for the operator
     */
    public static TunnelServer open(ListenerServices services, List<Listener> demanded) throws IOException {
        TunnelServer server = new TunnelServer(services);
        for (Listener listener : demanded) {
            try {
                server.opening = listener;
                server.engines.add(LittleProxyServer.listen(listener.address(), server.loops));
            } catch (RuntimeException failure) {
                server.close();
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                throw new BindFailure("The address", listener.address(), "listen", cause);
            }
        }
        return server;
    }

    /** Starts to accept clients. */
    public void accept() {
        listeners.forEach(listener -> listener.config().setAutoRead(true));
    }

    /** Runs on the thread that starts the server, before it is bound. */
    private void initListener(Channel listener) {
        ListenerAddress.mark(listener, Objects.requireNonNull(opening));
        listener.pipeline().addFirst(acceptGate);
        listener.config().setAutoRead(false);
        listeners.add(listener);
    }

    /** Runs before a channel of either kind is registered, on the thread that made it. */
    private void initChannel(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setRecvByteBufAllocator(new ReadSizes());
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(ReadSizes.MOST / 2, ReadSizes.MOST));
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (LittleProxyServer.isAccepted(channel)) {
            clients.add(channel);
            channel.pipeline().addFirst(ClientHandler.GATE, phases.first());
        } else {
            channel.pipeline().addFirst(ClientHandler.GATE, new UpstreamGate());
        }
    }

    private ClientConnection connectionOf(Channel client) {
        return new ClientConnection(services, admission, undecided, refused, client);
    }

    /** The bound addresses, in the order in which the listeners were given. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(ListenerAddress::of).toList();
    }

    /** The capacity of this process. */
    public Capacity capacity() {
        return capacity;
    }

    /** Bytes that connections hold now. */
    public long held() {
        return memory.held();
    }

    /** The client connections that are open now. */
    public int connections() {
        return admission.connections();
    }

    /**
     * Stops in order: accepts no new tunnels, and closes the open ones and records them as drained. The closes are
     * spread over {@code patience}, because a data plane reconnects within 5 to 10 s and a whole fleet at once would be
     * a storm for the proxy that it reaches next. The oldest tunnels are closed first, so that a short exchange has
     * time to finish. Blocks until all are closed.
     */
    public void drain(Duration patience) throws InterruptedException {
        admission.drain();
        stopListening();
        clients.forEach(client -> tell(client, Drain.BEGIN));
        ChannelGroupFuture allGone = clients.newCloseFuture();
        if (!takeTurns(patience, allGone)) {
            clients.forEach(client -> tell(client, Drain.END));
            allGone.await(LAST_MOMENT.toMillis());
        }
    }

    /** Returns {@code true} as soon as all are closed, and {@code false} when the time is over. */
    private boolean takeTurns(Duration patience, ChannelGroupFuture allGone) throws InterruptedException {
        // Netty orders channels by their ids, which are numbered as they are made.
        List<Channel> oldestFirst = clients.stream().sorted().toList();
        long begin = System.nanoTime();
        int turns = Math.max(1, oldestFirst.size());
        for (int turn = 1; turn <= turns; turn++) {
            Duration left = patience.multipliedBy(turn).dividedBy(turns).minusNanos(System.nanoTime() - begin);
            if (allGone.await(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS)) {
                return true;
            }
            tell(oldestFirst.get(turn - 1), Drain.TURN);
        }
        return false;
    }

    private void stopListening() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    }

    private static void tell(Channel client, Drain drain) {
        client.pipeline().fireUserEventTriggered(drain);
    }

    /** Stops at once; open tunnels are recorded as drained. */
    @Override
    public void close() {
        admission.drain();
        // First, so that no connection is accepted on event loops that are about to end.
        stopListening();
        clients.forEach(client -> tell(client, Drain.END));
        clients.newCloseFuture().awaitUninterruptibly(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        engines.forEach(LittleProxyServer.Listening::abort);
        loops.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        handshakes.shutdownNow();
    }
}
