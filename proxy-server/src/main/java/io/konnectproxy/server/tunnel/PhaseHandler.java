package io.konnectproxy.server.tunnel;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A phase of a channel, client's or upstream's: has one deadline, and takes steps outside of its pipeline, of which none may
 * throw into nowhere. LittleProxy's bytes stop here.
 */
public abstract class PhaseHandler extends ChannelDuplexHandler {
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> deadline;

    /** The handler is in the pipeline and may act. */
    protected void onEntered() {}

    /** Something threw. What follows is a close. */
    protected abstract void onFailure(Throwable cause);

    /** The time set by {@link #within} is up. */
    protected abstract void onDeadline();

    /** Whether no further step is to be taken. */
    protected boolean isOver() {
        return context().isRemoved();
    }

    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    /** Sets the one deadline of this phase, in place of an earlier one. */
    protected final void within(Duration time) {
        cancelDeadline();
        deadline = context()
                .channel()
                .eventLoop()
                .schedule(() -> guarded(this::onDeadline), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    protected final void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** A step that no pipeline watches over: not taken where this phase is over, and a failure where it throws. */
    protected final void guarded(Runnable step) {
        if (isOver()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whatever is wrong, even with what deals with that: the connection does not outlive it. */
    final void failed(Throwable cause) {
        try {
            onFailure(HalfClose.unwrapped(cause));
        } catch (RuntimeException | Error e) {
            TunnelLog.internalError(e);
            context().close();
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext added) {
        context = added;
        // What is thrown here would make Netty take the handler out, and nobody would hold the connection any more.
        guarded(this::onEntered);
    }

    /** LittleProxy has nothing to say to a client or a parent. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }
}
