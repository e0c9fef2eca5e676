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
 * Stands in front of all listeners and accepts no more connections than there are file descriptors for: whoever comes beyond
 * that waits in the system's queue until somebody leaves, and open tunnels notice nothing. Lives on the one thread that
 * accepts; only the count is shared.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {
    /**
     * Connections that are accepted before it is the others' turn on the thread, so that whoever is honest stands among those
     * who are served in turns, not at the end of the system's queue: with Netty's 16, a storm of 3,000 connections a second
     * kept 2,600 waiting there while the process was young.
     */
    private static final int AT_ONCE = 64;

    /** After the system refused: something else in this process, or on this machine, has the descriptors. */
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

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        listeners.add(context.channel());
        RecvByteBufAllocator turns = new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(AT_ONCE);
        context.channel().config().setRecvByteBufAllocator(() -> new Turn(turns.newHandle()));
    }

    /** How many are accepted at once: no more than there is room for. */
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
                // Whoever left a moment ago may not have seen that there is a pause.
                resume();
            }
        }
    }

    /** Accepting failed. Without a pause the listener, which is still ready, would be asked again at once, for ever. */
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
            listeners.stream()
                    .filter(Channel::isOpen)
                    .forEach(listener -> listener.config().setAutoRead(true));
        }
    }
}
