package io.konnectproxy.server.tunnel;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.littleshoot.proxy.HttpProxyServer;

/** All listeners and all tunnels. Started once, drained once. */
public final class TunnelServer implements AutoCloseable {
    /**
     * Large reads are what makes a relay cheap: measured on a prototype, 0.55 CPU seconds per GB against 1.9 with Netty's
     * 64 KiB. A channel that is idle holds none of it.
     */
    private static final int MOST_READ_AT_ONCE = 1024 * 1024;

    /** For what is left to be recorded when the time is up. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(2);

    private final TunnelServices services;
    private final Admission admission;
    private final TunnelLoops loops;
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final List<HttpProxyServer> engines = new ArrayList<>();
    private final List<Channel> listeners = new ArrayList<>();
    /** What is being listened on at this moment; only the thread that starts the server looks at it. */
    private @Nullable InetSocketAddress opening;

    private TunnelServer(TunnelServices services) {
        this.services = services;
        this.admission = new Admission(services.limits());
        this.loops = new TunnelLoops(Runtime.getRuntime().availableProcessors(), this::onListenerBirth, this::onBirth);
    }

    /**
     * Opens all listeners, or none.
     *
     * @throws IOException with a sentence for the operator
     */
    public static TunnelServer start(TunnelServices services, List<InetSocketAddress> addresses) throws IOException {
        TunnelServer server = new TunnelServer(services);
        for (InetSocketAddress address : addresses) {
            try {
                server.opening = address;
                server.engines.add(Engine.listen(address, server.loops));
            } catch (RuntimeException failure) {
                server.close();
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                throw new IOException(
                        "Cannot listen on " + NetUtil.toSocketAddressString(address) + ": " + cause.getMessage() + ".",
                        cause);
            }
        }
        return server;
    }

    /** Runs on the thread that starts the server, before it is bound. */
    private void onListenerBirth(Channel listener) {
        ListenerAddress.mark(listener, Objects.requireNonNull(opening));
        listeners.add(listener);
    }

    /** Runs before a channel of either kind is registered, on the thread that made it. */
    private void onBirth(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(512, 2048, MOST_READ_AT_ONCE).maxMessagesPerRead(1));
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_READ_AT_ONCE / 2, MOST_READ_AT_ONCE));
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        if (Engine.isAccepted(channel)) {
            clients.add(channel);
            channel.pipeline().addFirst(Engine.GATE, new HeadGate(services, admission));
        } else {
            channel.pipeline().addFirst(Engine.GATE, new UpstreamGate());
        }
    }

    /** Where clients can come in, in the order in which the listeners were given. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(ListenerAddress::of).toList();
    }

    /** Client connections at this moment. */
    public int connections() {
        return admission.connections();
    }

    /**
     * Ends well: no new tunnels from now on, open ones may finish until the time is up, then they are closed and recorded as
     * drained. Blocks until all are gone.
     */
    public void drain(Duration patience) throws InterruptedException {
        admission.drain();
        stopListening();
        tellClients(Drain.BEGIN);
        if (!allGoneWithin(patience)) {
            tellClients(Drain.END);
            allGoneWithin(LAST_MOMENT);
        }
    }

    private void stopListening() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    }

    private void tellClients(Drain drain) {
        clients.forEach(channel -> channel.pipeline().fireUserEventTriggered(drain));
    }

    private boolean allGoneWithin(Duration time) throws InterruptedException {
        return clients.newCloseFuture().await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends at once; what is open is recorded as drained. */
    @Override
    public void close() {
        admission.drain();
        // First of all, and the acceptors' loop before the workers': nobody is let in to loops that end.
        stopListening();
        tellClients(Drain.END);
        clients.newCloseFuture().awaitUninterruptibly(LAST_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        // Takes back the shutdown hook that LittleProxy has set for itself.
        engines.forEach(HttpProxyServer::abort);
        loops.acceptors().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        loops.workers().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
