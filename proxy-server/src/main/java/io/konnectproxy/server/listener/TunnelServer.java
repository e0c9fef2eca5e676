package io.konnectproxy.server.listener;

import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.capacity.NetworkFamilies;
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
import io.netty.util.NetUtil;
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

/** All listeners and all tunnels. Started once, drained once. */
public final class TunnelServer implements AutoCloseable {
    /** For what is left to be recorded when the time is up. */
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
    /** The arithmetic of TLS handshakes; a storm of them delays no open tunnel. Ends with its last thread's idleness. */
    private final ThreadPoolExecutor handshakes;

    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<LittleProxyServer.Listening> engines = new ArrayList<>();
    private final List<Channel> listeners = new ArrayList<>();
    /** What is being listened on at this moment; only the thread that starts the server looks at it. */
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
        this.loops =
                new TunnelLoops(Runtime.getRuntime().availableProcessors(), this::onListenerBirth, this::initChannel);
    }

    /**
     * Opens all listeners, or none.
     *
     * @throws IOException with a sentence for the operator
     */
    public static TunnelServer start(ListenerServices services, List<Listener> demanded) throws IOException {
        TunnelServer server = new TunnelServer(services);
        for (Listener listener : demanded) {
            try {
                server.opening = listener;
                server.engines.add(LittleProxyServer.listen(listener.address(), server.loops));
            } catch (RuntimeException failure) {
                server.close();
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                throw new IOException(
                        "Cannot listen on " + NetUtil.toSocketAddressString(listener.address()) + ": "
                                + NetworkFamilies.reason(listener.address(), cause) + ".",
                        cause);
            }
        }
        return server;
    }

    /** Runs on the thread that starts the server, before it is bound. */
    private void onListenerBirth(Channel listener) {
        ListenerAddress.mark(listener, Objects.requireNonNull(opening));
        listener.pipeline().addFirst(acceptGate);
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

    /** Where clients can come in, in the order in which the listeners were given. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(ListenerAddress::of).toList();
    }

    /** What this process can carry. */
    public Capacity capacity() {
        return capacity;
    }

    /** Bytes that connections hold at this moment. */
    public long held() {
        return memory.held();
    }

    /** Client connections at this moment. */
    public int connections() {
        return admission.connections();
    }

    /**
     * Ends well: no new tunnels from now on, and open ones are closed and recorded as drained, spread over the time that there
     * is: a data plane whose tunnel is closed comes back within 5 to 10 s, and a fleet that comes all at once is a storm
     * wherever it goes. The oldest go first, so that a short exchange has the time to finish. Blocks until all are gone.
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

    /** Returns when the time is up, or with {@code true} as soon as all are gone. */
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

    /** Ends at once; what is open is recorded as drained. */
    @Override
    public void close() {
        admission.drain();
        // First of all: nobody is let in to loops that end.
        stopListening();
        clients.forEach(client -> tell(client, Drain.END));
        clients.newCloseFuture().awaitUninterruptibly(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        engines.forEach(LittleProxyServer.Listening::abort);
        loops.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        handshakes.shutdownNow();
    }
}
