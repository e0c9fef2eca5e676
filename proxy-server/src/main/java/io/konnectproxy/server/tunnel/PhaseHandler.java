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
 * A phase of a client or upstream channel. It has one deadline, and it runs callbacks outside of the pipeline whose
 * exceptions must reach {@link #onFailure}. What LittleProxy writes is discarded here.
 */
public abstract class PhaseHandler extends ChannelDuplexHandler {
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> deadline;

    /** The handler has been added to the pipeline. */
    protected void onEntered() {}

    /** Something threw. The phase must close the connection, or end it with a reply. */
    protected abstract void onFailure(Throwable cause);

    /** The time set by {@link #within} is over. */
    protected abstract void onDeadline();

    /** Whether the phase is over, so that callbacks are ignored. */
    protected boolean isOver() {
        return context().isRemoved();
    }

    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    /** Sets the deadline of this phase, and replaces an earlier one. */
    protected final void within(Duration time) {
        cancelDeadline();
        deadline = context()
                .channel()
                .eventLoop()
                .schedule(() -> guarded(this::onDeadline), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    protected final void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /**
     * Runs a callback from outside of the pipeline: not where this phase is over, and an exception is a failure of the
     * phase.
     */
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

    /** Handles a failure; where the handling fails as well, the connection is closed. */
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
        // If this threw, Netty would remove the handler, and no phase would own the connection any more.
        guarded(this::onEntered);
    }

    /** LittleProxy must not write to a client or a parent, so its writes are discarded. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }
}
