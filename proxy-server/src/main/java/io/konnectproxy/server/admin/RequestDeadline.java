package io.konnectproxy.server.admin;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which no request is complete in time, counted from its beginning or from the last answer: bytes
 * that trickle in win nothing.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    private final Duration allowed;
    private @Nullable Future<?> closing;

    RequestDeadline(Duration allowed) {
        this.allowed = allowed;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restart(context);
        context.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            restart(context);
        }
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void restart(ChannelHandlerContext context) {
        stop();
        closing = context.executor().schedule(() -> context.close(), allowed.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        if (closing != null) {
            closing.cancel(false);
        }
    }
}
