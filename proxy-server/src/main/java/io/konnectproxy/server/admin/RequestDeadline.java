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
 * that trickle in win nothing. Whoever does not read the last answer is closed then, too, and everybody some time later.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    private final Duration allowed;
    private final Duration life;
    private @Nullable Future<?> closing;
    private @Nullable Future<?> end;

    /**
     * @param allowed for each request
     * @param life of the connection, whatever comes
     */
    RequestDeadline(Duration allowed, Duration life) {
        this.allowed = allowed;
        this.life = life;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restart(context);
        end = closeAfter(context, life);
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
        stop(closing);
        stop(end);
        context.fireChannelInactive();
    }

    private void restart(ChannelHandlerContext context) {
        stop(closing);
        closing = closeAfter(context, allowed);
    }

    private static Future<?> closeAfter(ChannelHandlerContext context, Duration time) {
        return context.executor().schedule(() -> context.close(), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void stop(@Nullable Future<?> alarm) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }
}
