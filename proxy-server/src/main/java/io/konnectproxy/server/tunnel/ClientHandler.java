package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A phase of a client connection, and the fence in front of LittleProxy: no byte of the client passes it inward, no byte
 * of LittleProxy passes it outward. Life-cycle events do pass. A phase reads only when it asks to.
 */
public abstract class ClientHandler extends ChannelDuplexHandler {
    /** The name of our handler, the first in every pipeline (behind TLS, where there is TLS). */
    public static final String GATE = "gate";

    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> deadline;

    /** Bytes of the client; this handler owns the buffer. */
    protected abstract void onBytes(ByteBuf bytes);

    /** The client will send nothing more; it may still listen. */
    protected abstract void onClientFinished();

    /** The connection is gone. */
    protected abstract void onClosed();

    /** Something threw. What follows is a close. */
    protected abstract void onFailure(Throwable cause);

    /** The time set by {@link #within} is up. */
    protected abstract void onDeadline();

    protected abstract void onDrain(Drain drain);

    /** The connection has to go, for there are too many without a verdict. Whoever has a verdict is not among those. */
    protected void onCrowded(Refusal refusal) {}

    /** Whether to read on after what was just read. */
    protected abstract boolean wantsMore();

    /** The handler is in the pipeline and may act. */
    protected void onEntered() {}

    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    /** The next phase takes this one's place. */
    public final void giveWayTo(ClientHandler next) {
        context().pipeline().replace(this, GATE, next);
    }

    /** Sets the one deadline of this phase, in place of an earlier one. */
    protected final void within(Duration time) {
        cancelDeadline();
        deadline = context()
                .channel()
                .eventLoop()
                .schedule(() -> guarded(this::onDeadline), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A step that no pipeline watches over: not taken where this phase is over, and a failure where it throws. */
    protected final void guarded(Runnable step) {
        if (context().isRemoved()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whatever is wrong, even with what deals with that: the connection does not outlive it. */
    private void failed(Throwable cause) {
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

    @Override
    public final void handlerRemoved(ChannelHandlerContext removed) {
        cancelDeadline();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext reading, Object message) {
        onBytes((ByteBuf) message);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext reading) {
        if (wantsMore()) {
            reading.read();
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (HalfClose.isToldBy(event)) {
            onClientFinished();
        } else if (event instanceof Drain drain) {
            onDrain(drain);
        } else if (event instanceof Crowded crowded) {
            guarded(() -> onCrowded(crowded.refusal()));
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext inactive) {
        onClosed();
        inactive.fireChannelInactive();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        failed(cause);
    }

    /** LittleProxy has nothing to say to a client. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }
}
