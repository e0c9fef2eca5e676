package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.Outcome;
import io.konnectproxy.audit.Outcome.Closed;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.capacity.MemoryBudget;
import io.konnectproxy.server.splice.PipedBytes;
import io.konnectproxy.server.splice.PipedRegion;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The open tunnel: each leg writes what it reads to the other, and stops reading while the other cannot write. A
 * half-close is passed on, and the other direction continues until it finishes. Both legs run on one event loop.
 */
public final class Relay {
    private final Tunnel tunnel;
    private final Slot slot;
    private final Leg client;
    private final Leg upstream;
    private final MemoryBudget.Share share;
    private final long idleNanos;

    private @Nullable Outcome outcome;
    private @Nullable Future<?> idleCheck;
    private long lastActive = System.nanoTime();

    private Relay(TunnelServices services, Tunnel tunnel, Slot slot, Channel clientChannel, Channel upstreamChannel) {
        this.tunnel = tunnel;
        this.slot = slot;
        this.share = slot.share();
        this.idleNanos = services.timeouts().idle().toNanos();
        this.client = new Leg(clientChannel, Closed.CLIENT_CLOSED, Closed.CLIENT_RESET);
        this.upstream = new Leg(upstreamChannel, Closed.UPSTREAM_CLOSED, Closed.UPSTREAM_RESET);
        this.client.other = upstream;
        this.upstream.other = client;
    }

    /**
     * Replaces the last phase with a relay, and adds a {@link HandshakeWatch} and a {@link RetryWatch} in front of it.
     *
     * @param established holds the bytes that begin with the hello
     * @param hello may pass
     */
    public static void open(TunnelServices services, ClientHandler phase, Established established, ClientHello hello) {
        Channel client = phase.context().channel();
        Channel upstream = established.upstream();
        Tunnel tunnel = established.tunnel();
        Relay relay = new Relay(services, tunnel, established.slot(), client, upstream);
        client.pipeline().replace(phase, ClientHandler.GATE, relay.client);
        upstream.pipeline().replace(ClientHandler.GATE, ClientHandler.GATE, relay.upstream);
        HandshakeWatch.over(tunnel, client.pipeline(), upstream.pipeline());
        RetryWatch watch = RetryWatch.over(services, tunnel, relay, hello, established.held());
        relay.start(established.clientFinished() && watch.mayFinish());
    }

    Leg clientLeg() {
        return client;
    }

    Leg upstreamLeg() {
        return upstream;
    }

    private void start(boolean clientFinished) {
        if (tunnel.ended()) {
            // It was cut for what came behind the hello.
            return;
        }
        slot.relaying();
        tunnel.relaying();
        ReadSizes.relay(upstream.own, share, this::mayPipe);
        idleCheck = client.own
                .eventLoop()
                .schedule(this::onStaying, Math.min(idleNanos, KeepAlive.AFTER.toNanos()), TimeUnit.NANOSECONDS);
        upstream.own.config().setAutoRead(true);
        if (clientFinished) {
            client.onFinished();
        } else {
            client.own.config().setAutoRead(true);
        }
    }

    /** The tunnel has stayed open for longer than one short exchange. */
    private void onStaying() {
        watchIdle();
        KeepAlive.begin(client.own);
        KeepAlive.begin(upstream.own);
    }

    private void watchIdle() {
        long left = idleNanos - (System.nanoTime() - lastActive);
        if (left <= 0) {
            abandon(Closed.IDLE);
        } else {
            idleCheck = client.own.eventLoop().schedule(this::watchIdle, left, TimeUnit.NANOSECONDS);
        }
    }

    /** Sets the outcome, unless an earlier cause has set it. */
    private void because(Outcome cause) {
        if (outcome == null) {
            outcome = cause;
        }
    }

    private void active() {
        lastActive = System.nanoTime();
    }

    private void abandon(Outcome cause) {
        because(cause);
        client.own.close();
        upstream.own.close();
    }

    /** Lets the client's leg make large reads, once its bytes are no longer held. */
    void readMuch() {
        ReadSizes.relay(client.own, share, this::mayPipe);
    }

    /** Whether both legs have the bytes of their sockets as they are: no TLS, and nobody else who looks at them. */
    private boolean mayPipe() {
        return client.own.pipeline().first() == client
                && upstream.own.pipeline().first() == upstream;
    }

    /**
     * Ends the tunnel with an alert to the client, after what was already written to it. Either side may have gone before, and its
     * handlers with it.
     */
    void cut(Refusal refusal, Optional<String> hint) {
        stopWatchingIdle();
        tunnel.carried(client.carried, upstream.carried);
        HandshakeWatch.leave(client.own.pipeline());
        HandshakeWatch.leave(upstream.own.pipeline());
        tunnel.end(new Outcome.Failed(refusal), hint);
        slot.relayed();
        if (upstream.isInPipeline()) {
            upstream.own.pipeline().remove(upstream);
        }
        upstream.own.close();
        if (client.isInPipeline()) {
            LingeringClose closing = new LingeringClose();
            client.own.config().setAutoRead(false);
            client.own.pipeline().replace(client, ClientHandler.GATE, closing);
            closing.say(Reply.alert(refusal));
        }
    }

    private void stopWatchingIdle() {
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
    }

    private void onLegGone() {
        if (client.gone && upstream.gone && outcome != null) {
            stopWatchingIdle();
            tunnel.carried(client.carried, upstream.carried);
            tunnel.end(outcome, Optional.empty());
            slot.leave();
        }
    }

    /** One side of the tunnel. */
    final class Leg extends ChannelInboundHandlerAdapter {
        private final Channel own;
        private final Closed closed;
        private final Closed reset;
        private @Nullable Leg other;

        /** Bytes read here. */
        private long carried;
        /** This side will send nothing more. */
        private boolean finished;
        /** This side has been half-closed by us. */
        private boolean told;

        private boolean closing;
        private boolean gone;

        /** Bytes that are counted as waiting to be written to this side; 0 while it takes everything at once. */
        private long waiting;
        /** What was written to it in a pipe last. */
        private @Nullable PipedRegion piped;
        /** The unused capacity of the buffers that were written to it since it had last taken everything. */
        private long unused;
        /** That of the buffers in front of the empty one that marks what is counted as waiting. */
        private long unusedUpToMark;

        private Leg(Channel own, Closed closed, Closed reset) {
            this.own = own;
            this.closed = closed;
            this.reset = reset;
        }

        Channel channel() {
            return own;
        }

        private boolean isInPipeline() {
            return own.pipeline().context(this) != null;
        }

        private Leg other() {
            if (other == null) {
                throw new IllegalStateException("leg has no peer yet");
            }
            return other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (!other().own.isActive()) {
                bytes.release();
            } else if (bytes instanceof PipedBytes lent) {
                PipedRegion region = lent.region(Relay.this::active);
                carried += region.count();
                other().takePiped(region);
            } else {
                carried += bytes.readableBytes();
                other().take(bytes);
            }
        }

        private void take(ByteBuf bytes) {
            unused += bytes.writableBytes();
            own.write(bytes, own.voidPromise());
        }

        private void takePiped(PipedRegion region) {
            piped = region;
            own.write(region, own.voidPromise());
        }

        /** Bytes that it has not taken out of a pipe. */
        private long inPipe() {
            return piped == null ? 0 : piped.left();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            other().own.flush();
            active();
            tunnel.carried(client.carried, upstream.carried);
            if (!other().takesMore()) {
                own.config().setAutoRead(false);
            }
        }

        /**
         * Whether more may be written to this side. What it has not taken yet is counted in the memory budget until it
         * has taken everything.
         */
        private boolean takesMore() {
            ChannelOutboundBuffer toBeTaken = own.unsafe().outboundBuffer();
            long pending = toBeTaken == null ? 0 : toBeTaken.totalPendingWriteBytes();
            if (pending == 0) {
                unused = 0;
                return true;
            }
            boolean begins = waiting == 0;
            // Netty counts nothing for what is in a pipe.
            long now = pending + inPipe() + unused;
            share.buffered(now - waiting);
            waiting = now;
            if (begins) {
                unusedUpToMark = unused;
                own.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> onTakenUpToMark());
            }
            return waiting == 0 || mayWait();
        }

        /** Whether more may wait to be written to this side. */
        private boolean mayWait() {
            return own.isWritable() && inPipe() == 0 && share.room() > 0;
        }

        /** What was written behind the mark meanwhile counts on, and gets a mark of its own. */
        private void onTakenUpToMark() {
            active();
            share.buffered(-waiting);
            waiting = 0;
            unused -= unusedUpToMark;
            ChannelOutboundBuffer behind = own.unsafe().outboundBuffer();
            // The bytes of the mark itself are among the pending ones still.
            if (behind == null || behind.isEmpty() || takesMore()) {
                readOn();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (mayWait()) {
                readOn();
            }
        }

        private void readOn() {
            active();
            other().own.config().setAutoRead(true);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (HalfClose.isToldBy(event)) {
                onFinished();
            } else if (event == Drain.TURN || event == Drain.END) {
                abandon(Closed.DRAINED);
            } else if (event instanceof PolicyChanged) {
                // One direction may have been closed before, but this ends the other one.
                outcome = Closed.POLICY_CHANGED;
                abandon(Closed.POLICY_CHANGED);
            } else if (event instanceof Census census) {
                census.found().accept(tunnel, own);
            }
        }

        private void onFinished() {
            if (finished) {
                return;
            }
            because(closed);
            finished = true;
            if (HalfClose.endedBoth(own)) {
                own.close();
            } else if (other().finished) {
                // A close tells the other side as well that nothing more will come.
                other().closeBehindAll();
                if (told) {
                    own.close();
                }
            } else {
                other().tellFinished();
            }
        }

        /** Behind everything that is still to be written. */
        private void tellFinished() {
            HalfClose.tell(own).addListener(done -> {
                told = true;
                if (finished || !done.isSuccess()) {
                    own.close();
                }
            });
        }

        /** Behind everything that is still to be written. */
        private void closeBehindAll() {
            if (closing) {
                return;
            }
            closing = true;
            own.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            because(closed);
            gone = true;
            if (!other().gone) {
                other().closeBehindAll();
            }
            onLegGone();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (HalfClose.unwrapped(cause) instanceof IOException) {
                because(reset);
                own.close();
            } else {
                TunnelLog.internalError(cause);
                abandon(new Outcome.Failed(Refusal.INTERNAL_ERROR));
            }
        }
    }
}
