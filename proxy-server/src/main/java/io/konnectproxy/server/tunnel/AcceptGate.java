package io.konnectproxy.server.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
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
