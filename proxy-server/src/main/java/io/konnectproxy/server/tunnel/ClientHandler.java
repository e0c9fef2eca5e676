package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;

/**
 * A phase of a client connection. It separates the client from LittleProxy: no byte of the client reaches LittleProxy,
 * and no byte of LittleProxy reaches the client. Channel life-cycle events pass. A phase reads only on request.
 */
public abstract class ClientHandler extends PhaseHandler {
    /** The name of our handler, the first in every pipeline (behind TLS, where there is TLS). */
    public static final String GATE = "gate";

    /** Bytes of the client; this handler owns the buffer. */
    protected abstract void onBytes(ByteBuf bytes);

    /** The client will send nothing more; it may still read. */
    protected abstract void onClientFinished();

    /** The connection is closed. */
    protected abstract void onClosed();

    protected abstract void onDrain(Drain drain);

    /**
     * The connection must close, because there are too many without a verdict. A phase after the verdict ignores this.
     */
    protected void onCrowded(Refusal refusal) {}

    /** The tunnel of a phase after the verdict. */
    protected Optional<Tunnel> tunnel() {
        return Optional.empty();
    }

    /** The configuration in force refuses the tunnel, so it ends now. */
    protected void onPolicyChanged() {}

    /** Whether to read on after what was just read. */
    protected abstract boolean wantsMore();

    /** Replaces this phase with the next one. */
    public final void giveWayTo(ClientHandler next) {
        context().pipeline().replace(this, GATE, next);
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext removed) {
        cancelDeadline();
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
        } else if (event instanceof Census census) {
            tunnel().ifPresent(tunnel -> census.found().accept(tunnel, triggered.channel()));
        } else if (event instanceof PolicyChanged) {
            guarded(this::onPolicyChanged);
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
}
