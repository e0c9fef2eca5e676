package io.konnectproxy.server.listener;

import io.konnectproxy.server.tunnel.TunnelLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the accepted connections of all listeners to the number of file descriptors available for them. Connections
 * beyond the limit wait in the accept queue of the system until another connection closes; open tunnels are not
 * affected. Runs on the one thread that accepts; only the count is shared with other threads.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    /**
     * Connections accepted in a row before other work of the thread gets its turn. Netty's default of 16 is too few: in
     * a storm of 3,000 connections a second it left 2,600 in the accept queue while the process was young. Accepted
     * connections are served fairly between clients; connections in the accept queue are not.
     */
    private static final int AT_ONCE = 64;

    /**
     * The pause after an accept has failed because something else in this process or on this machine uses the
     * descriptors.
     */
    private static final long PAUSE_SECONDS = 1;

    private final int most;
    private final List<Channel> listeners = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean paused;

    /**
     * @param most connections at once
     */
    AcceptGate(int most) {
        this.most = most;
    }

    /**
     * Begins to accept on a listener; until then its clients wait in the system's queue. Returns when it has begun, so it must
     * not be called on an event loop.
     */
    void accept(Channel listener) {
        listener.eventLoop()
                .submit(() -> {
                    listeners.add(listener);
                    listener.closeFuture().addListener(closed -> listeners.remove(listener));
                    if (!paused) {
                        listener.config().setAutoRead(true);
                    }
                })
                .awaitUninterruptibly();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        RecvByteBufAllocator turns = new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(AT_ONCE);
        context.channel().config().setRecvByteBufAllocator(() -> new Turn(turns.newHandle()));
    }

    /** Ends a batch of accepts as soon as the limit is reached. */
    @SuppressWarnings("deprecation") // Netty's own name for what a channel asks of its allocator.
    private final class Turn extends RecvByteBufAllocator.DelegatingHandle {
        private int accepted;

        Turn(RecvByteBufAllocator.Handle handle) {
            super(handle);
        }

        @Override
        public void reset(ChannelConfig config) {
            accepted = 0;
            super.reset(config);
        }

        @Override
        public void incMessagesRead(int messages) {
            accepted += messages;
            super.incMessagesRead(messages);
        }

        @Override
        public boolean continueReading() {
            return open.get() + accepted < most && super.continueReading();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        EventLoop acceptor = context.channel().eventLoop();
        open.incrementAndGet();
        ((Channel) accepted).closeFuture().addListener(closed -> {
            if (open.decrementAndGet() < most && paused) {
                acceptor.execute(this::resume);
            }
        });
        context.fireChannelRead(accepted);
        if (open.get() >= most) {
            pause();
            TunnelLog.outOfDescriptors(most);
            if (open.get() < most) {
                // A connection that closed a moment ago may not have seen the pause, so nothing else would resume.
                resume();
            }
        }
    }

    /**
     * An accept has failed. The listener is still ready, so without a pause the event loop would retry at once without
     * end.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        pause();
        TunnelLog.cannotAccept(cause);
        context.channel().eventLoop().schedule(this::resume, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    private void pause() {
        paused = true;
        listeners.forEach(listener -> listener.config().setAutoRead(false));
    }

    private void resume() {
        if (open.get() < most) {
            paused = false;
            listeners.forEach(listener -> listener.config().setAutoRead(true));
        }
    }
}
