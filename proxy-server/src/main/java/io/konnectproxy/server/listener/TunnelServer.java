package io.konnectproxy.server.listener;

import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.socket.BindFailure;
import io.konnectproxy.server.splice.Pipes;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.ReadSizes;
import io.konnectproxy.server.upstream.UpstreamGate;
import io.konnectproxy.server.upstream.littleproxy.LittleProxyServer;
import io.konnectproxy.server.upstream.littleproxy.TunnelLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Owns all listeners and all tunnels. Opened once, changed any number of times, drained once. */
public final class TunnelServer implements AutoCloseable {
    private final InForce inForce;
    private final Admission admission;
    private final MemoryBudget memory;
    private final BoundedConnections undecided;
    private final BoundedConnections refused;
    private final Phases phases;
    private final TunnelLoops loops;
    private final Capacity capacity;
    private final Pipes pipes;
    private final AcceptGate acceptGate;
    /**
     * Computes TLS handshakes, so that a storm of them delays no open tunnel. Its threads end after 10 s without work.
     */
    private final ThreadPoolExecutor handshakes;

    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    /** In the order in which the listeners are configured. */
    private volatile List<Bound> bound = List.of();
    /** Removed listeners whose tunnels may still be open: LittleProxy would close them. */
    private final Queue<LittleProxyServer.Listening> leaving = new ConcurrentLinkedQueue<>();

    private final ClosingTurns turns;
    /** The listener that is being opened, and then its channel; used by one thread at a time. */
    private @Nullable Listener opening;

    private @Nullable Channel openedChannel;

    /** An open listener. */
    private record Bound(Channel channel, LittleProxyServer.Listening engine) {}

    private TunnelServer(ListenerServices services, IntFunction<Pipes> pipes) {
        this.inForce = new InForce(services);
        this.capacity = Capacity.of(services.limits());
        this.memory = new MemoryBudget(capacity.memory());
        this.admission = new Admission(services.limits(), memory);
        this.undecided = new BoundedConnections(0, 0);
        this.refused = new BoundedConnections(0, 0);
        limit(services.limits());
        this.pipes = pipes.apply(capacity.descriptors().pipes());
        this.acceptGate = new AcceptGate(capacity.descriptors().connections());
        this.handshakes = new ThreadPoolExecutor(
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().availableProcessors(),
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("handshake", true));
        this.handshakes.allowCoreThreadTimeOut(true);
        this.phases = new Phases(this::connectionOf, handshakes);
        this.loops = new TunnelLoops(Runtime.getRuntime().availableProcessors(), this::initListener, this::initChannel);
        this.turns = new ClosingTurns(clients, loops.loops());
    }

    /**
     * Opens all listeners, or none. Clients wait in the system's queue until {@link #accept}.
     *
     * @throws IOException with a sentence for the operator
     */
    public static TunnelServer open(ListenerServices services, List<Listener> demanded) throws IOException {
        return open(services, demanded, Pipes::ofTheSystem);
    }

    /**
     * The same with other pipes.
     *
     * @param pipes makes them, at most as many as given
     * @throws IOException with a sentence for the operator
     */
    public static TunnelServer open(ListenerServices services, List<Listener> demanded, IntFunction<Pipes> pipes)
            throws IOException {
        TunnelServer server = new TunnelServer(services, pipes);
        List<Bound> opened = new ArrayList<>();
        try {
            for (Listener listener : demanded) {
                opened.add(server.open(listener));
            }
        } catch (IOException e) {
            server.bound = List.copyOf(opened);
            server.close();
            throw e;
        }
        server.bound = List.copyOf(opened);
        return server;
    }

    private Bound open(Listener listener) throws IOException {
        try {
            opening = listener;
            LittleProxyServer.Listening engine = LittleProxyServer.listen(listener.address(), loops);
            return new Bound(Objects.requireNonNull(openedChannel), engine);
        } catch (RuntimeException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new BindFailure("The address", listener.address(), "listen", cause);
        }
    }

    /** Starts to accept clients. */
    public void accept() {
        bound.forEach(listener -> acceptGate.accept(listener.channel()));
    }

    /** Runs on the thread that opens a listener, before it is bound. */
    private void initListener(Channel listener) {
        ListenerAddress.mark(listener, Objects.requireNonNull(opening));
        listener.pipeline().addFirst(acceptGate);
        listener.config().setAutoRead(false);
        openedChannel = listener;
    }

    private void limit(Configuration.Limits limits) {
        int unfinished = BoundedConnections.inAll(limits, capacity.descriptors());
        undecided.limit(limits.pendingPerClient(), unfinished);
        refused.limit(limits.tunnelsPerClient(), unfinished);
    }

    /** Runs before a channel of either kind is registered, on the thread that made it. */
    private void initChannel(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setRecvByteBufAllocator(new ReadSizes(pipes));
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
        return new ClientConnection(inForce, admission, undecided, refused, client);
    }

    /** The bound addresses, in the order in which the listeners were given. */
    public List<InetSocketAddress> addresses() {
        return bound.stream().map(each -> ListenerAddress.of(each.channel())).toList();
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
     * Opens the listeners that are new in this list. Nothing else changes until {@link Changeover#put}.
     *
     * @throws IOException with a sentence for the operator; nothing is open then that was not before
     */
    public Changeover prepare(ListenerServices next, List<Listener> demanded) throws IOException {
        Changeover changeover = new Changeover(next);
        try {
            for (Listener listener : demanded) {
                changeover.add(listener);
            }
            return changeover;
        } catch (IOException e) {
            changeover.abandon();
            throw e;
        }
    }

    /**
     * A change to another configuration, whose parts are open and not in use yet. One thread makes one change after the
     * other.
     */
    public final class Changeover {
        private final ListenerServices before = inForce.services();
        private final ListenerServices next;
        private final List<Bound> listenersBefore = bound;
        private final Map<Channel, Listener> demandsBefore = new LinkedHashMap<>();
        private final Map<Channel, Listener> demands = new LinkedHashMap<>();
        private final List<Bound> listeners = new ArrayList<>();
        private final List<Bound> opened = new ArrayList<>();

        private Changeover(ListenerServices next) {
            this.next = next;
            listenersBefore.forEach(each -> demandsBefore.put(each.channel(), ListenerAddress.demands(each.channel())));
        }

        private void add(Listener listener) throws IOException {
            Optional<Bound> same = listenersBefore.stream()
                    .filter(each -> !demands.containsKey(each.channel()))
                    .filter(each -> demandsBefore.get(each.channel()).address().equals(listener.address()))
                    .findFirst();
            Bound there = same.isPresent() ? same.get() : open(listener);
            if (same.isEmpty()) {
                opened.add(there);
            }
            listeners.add(there);
            demands.put(there.channel(), listener);
        }

        /**
         * Puts it in force.
         *
         * @param record gives the record of the change to the trail; it must not wait
         */
        public void put(Runnable record) {
            inForce.change(next, () -> {
                listenersBefore.forEach(
                        each -> ListenerAddress.keep(each.channel(), demands.containsKey(each.channel())));
                demands.forEach(ListenerAddress::mark);
                limit(next);
                record.run();
            });
        }

        /**
         * Puts back what was in force before, because the change could not be recorded, and ends what was permitted meanwhile
         * only. {@link #abandon} follows.
         *
         * @param record gives a record to the trail, if any; it must not wait
         */
        public void revert(Runnable record) {
            inForce.change(before, () -> {
                listenersBefore.forEach(each -> ListenerAddress.keep(each.channel(), true));
                demandsBefore.forEach(ListenerAddress::mark);
                limit(before);
                record.run();
            });
            var unused =
                    turns.review(new Review(before), before.tunnels().timeouts().drain());
        }

        private void limit(ListenerServices services) {
            admission.limit(services.limits());
            memory.limit(capacity.memory(services.limits()));
            services.refusals().limit(services.limits().refusalsPerMinute());
            TunnelServer.this.limit(services.limits());
        }

        /** Closes what was opened for it; it is not in force. */
        public void abandon() {
            opened.forEach(each -> {
                each.channel().close().awaitUninterruptibly();
                each.engine().abort();
            });
        }

        /**
         * Starts to accept on the new listeners, stops on the removed ones, and ends the tunnels that the configuration in
         * force refuses, the oldest first, spread over its {@code timeouts.drain}.
         *
         * @return the number of those tunnels
         */
        public int finish() {
            bound = List.copyOf(listeners);
            opened.forEach(each -> acceptGate.accept(each.channel()));
            List<Bound> removed = listenersBefore.stream()
                    .filter(each -> !demands.containsKey(each.channel()))
                    .toList();
            Duration drain = next.tunnels().timeouts().drain();
            removed.forEach(each -> each.channel().close().awaitUninterruptibly());
            int ended = turns.review(new Review(next), drain);
            removed.forEach(TunnelServer.this::abortWhenUnused);
            return ended;
        }
    }

    /** Ends LittleProxy's part of a closed listener once its last client has left, because it closes all that are left. */
    private void abortWhenUnused(Bound removed) {
        LittleProxyServer.Listening engine = removed.engine();
        leaving.add(engine);
        AtomicInteger left = new AtomicInteger(1);
        Runnable one = () -> {
            if (left.decrementAndGet() == 0) {
                // What the last client has sent may still be on its way to its upstream.
                var unused = GlobalEventExecutor.INSTANCE.schedule(
                        () -> {
                            if (leaving.remove(engine)) {
                                engine.abort();
                            }
                        },
                        ClosingTurns.LAST_MOMENT.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        };
        clients.stream()
                .filter(client -> removed.channel().equals(client.parent()))
                .forEach(client -> {
                    left.incrementAndGet();
                    client.closeFuture().addListener(closed -> one.run());
                });
        one.run();
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
        turns.drain(patience);
    }

    private void stopListening() {
        bound.forEach(listener -> listener.channel().close().awaitUninterruptibly());
    }

    /** Stops at once; open tunnels are recorded as drained. */
    @Override
    public void close() {
        admission.drain();
        // First, so that no connection is accepted on event loops that are about to end.
        stopListening();
        turns.endAll();
        bound.forEach(listener -> listener.engine().abort());
        leaving.forEach(LittleProxyServer.Listening::abort);
        loops.loops().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        handshakes.shutdownNow();
        pipes.close();
    }
}
