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
 * Closes a connection without a complete request in time, counted from its start or from the last response: further bytes
 * do not extend the deadline. That also closes connections whose client does not read the last response. A second deadline
 * limits the life of every connection.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    private final Duration allowed;
    private final Duration life;
    private @Nullable Future<?> requestTimer;
    private @Nullable Future<?> lifeTimer;

    /**
     * @param allowed for each request
     * @param life of the connection, whatever it sends
     */
    RequestDeadline(Duration allowed, Duration life) {
        this.allowed = allowed;
        this.life = life;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restart(context);
        lifeTimer = closeAfter(context, life);
        context.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            restart(context);
        }
        context.write(message, promise);
    }

    /** From now on others decide how long the connection lives. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop(requestTimer);
        stop(lifeTimer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop(requestTimer);
        stop(lifeTimer);
        context.fireChannelInactive();
    }

    private void restart(ChannelHandlerContext context) {
        stop(requestTimer);
        requestTimer = closeAfter(context, allowed);
    }

    private static Future<?> closeAfter(ChannelHandlerContext context, Duration time) {
        return context.executor().schedule(() -> context.close(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void stop(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
