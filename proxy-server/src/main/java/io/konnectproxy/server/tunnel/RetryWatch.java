package io.konnectproxy.server.tunnel;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.wire.ClientHelloReader;
import io.konnectproxy.wire.HelloReading;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import io.konnectproxy.wire.RecordSkipper;
import io.konnectproxy.wire.ServerHelloReader;
import io.konnectproxy.wire.ServerHelloReading;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of a {@link Relay} until the upstream's first bytes show whether there will be a second ClientHello
 * (RFC 8446, section 4.1.4). If so, it stays until that one has been checked as the first was; otherwise it removes
 * itself from both pipelines at once.
 *
 * <p>Until the upstream has answered, what the client sends passes up to its first handshake record. That record and
 * what follows is held: otherwise the second hello of a client that does not wait for the HelloRetryRequest would reach
 * the upstream unchecked. No regular TLS client sends a handshake record before the answer, and early data is not held,
 * so this delays nobody. Bytes that are no record of TLS 1.3 pass, because no TLS 1.3 handshake can follow them; if a
 * HelloRetryRequest comes all the same, the tunnel is cut.
 */
final class RetryWatch {
    private static final String NAME = "retry";

    private final TunnelServices services;
    private final Tunnel tunnel;
    private final Relay relay;
    private final String serverName;
    private final HeldBytes held;
    private final RecordSkipper records;
    private final ServerHelloReader answer = new ServerHelloReader();
    private final ClientSide clientSide = new ClientSide();
    private final UpstreamSide upstreamSide = new UpstreamSide();

    private boolean retried;
    private boolean over;
    private boolean clientFinished;
    /** The client's half-close is passed on after the held bytes. */
    private boolean endHeld;

    private @Nullable Future<?> deadline;

    private RetryWatch(TunnelServices services, Tunnel tunnel, Relay relay, ClientHello hello, HeldBytes held) {
        this.services = services;
        this.tunnel = tunnel;
        this.relay = relay;
        this.serverName = hello.serverName();
        this.held = held;
        this.records = new RecordSkipper(hello.length());
    }

    /**
     * Adds the watch in front of both legs, which must be in their pipelines.
     *
     * @param hello may pass
     * @param held begins with the hello
     */
    static RetryWatch over(TunnelServices services, Tunnel tunnel, Relay relay, ClientHello hello, HeldBytes held) {
        RetryWatch watch = new RetryWatch(services, tunnel, relay, hello, held);
        watch.begin();
        return watch;
    }

    private void begin() {
        enter(relay.clientLeg().channel().pipeline(), clientSide);
        enter(relay.upstreamLeg().channel().pipeline(), upstreamSide);
        ChannelHandlerContext client = clientSide.context();
        take(client, held.takeAll());
        client.fireChannelReadComplete();
    }

    private static void enter(ChannelPipeline pipeline, ChannelHandler side) {
        pipeline.addBefore(HandshakeWatch.next(pipeline), NAME, side);
    }

    /** Whether the client's half-close may be passed on at once; otherwise it follows the held bytes. */
    boolean mayFinish() {
        clientFinished = true;
        if (retried) {
            giveUp();
        }
        endHeld = held.size() > 0;
        return !endHeld;
    }

    /**
     * The client can send no second hello any more. An incomplete one is discarded, and none of its bytes is passed on.
     */
    private void giveUp() {
        held.discard();
        leave();
    }

    private void take(ChannelHandlerContext client, ByteBuf bytes) {
        int passing = held.size() == 0 ? passing(bytes) : 0;
        if (records.hasStrayed()) {
            // From here on nothing is held, whatever the upstream answers.
            relay.readMuch();
        }
        if (retried && records.hasStrayed()) {
            bytes.release();
            onStray();
            return;
        }
        if (passing == bytes.readableBytes()) {
            client.fireChannelRead(bytes);
            return;
        }
        if (passing > 0) {
            client.fireChannelRead(bytes.readRetainedSlice(passing));
            // These bytes are counted as carried, so they are flushed even if the tunnel is cut for what follows.
            client.fireChannelReadComplete();
        }
        if (!held.add(bytes)) {
            cut(Refusal.MEMORY_LIMIT, Optional.empty());
        } else if (retried) {
            judge();
        }
    }

    private int passing(ByteBuf bytes) {
        var content = bytes.nioBuffer();
        records.skip(content);
        return bytes.readableBytes() - content.remaining();
    }

    private void onAnswer(ServerHelloReading reading) {
        if (over) {
            return;
        }
        if (reading == ServerHelloReading.OTHER) {
            leave();
        } else if (reading == ServerHelloReading.HELLO_RETRY_REQUEST) {
            onRetry();
        }
    }

    private void onRetry() {
        retried = true;
        upstreamSide.leave();
        if (records.hasStrayed()) {
            onStray();
        } else if (held.size() > 0) {
            judge();
        }
        if (over) {
            return;
        }
        if (clientFinished) {
            giveUp();
        } else {
            deadline = clientSide
                    .context()
                    .executor()
                    .schedule(
                            this::onDeadline, services.timeouts().clientHello().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void onDeadline() {
        cut(Refusal.HELLO_TIMEOUT, Optional.of("A HelloRetryRequest was not answered."));
    }

    private void onStray() {
        cut(
                Refusal.HELLO_MALFORMED,
                Optional.of("Something else than records of TLS 1.3 stands before the second ClientHello."));
    }

    /** Checks the second ClientHello, as far as it has arrived. */
    private void judge() {
        HelloReading reading = ClientHelloReader.read(held.view());
        if (reading instanceof ClientHello hello) {
            onHello(hello);
        } else if (reading instanceof HelloFault fault) {
            onFault(fault);
        }
    }

    /**
     * A client must repeat its hello unchanged, except for what the server asked to change (RFC 8446, section 4.1.2).
     */
    private void onHello(ClientHello hello) {
        tunnel.hello(HelloGate.said(hello));
        if (!hello.serverName().equals(serverName)) {
            cut(Refusal.HELLO_CHANGED, Optional.empty());
        } else if (services.refusesResumption(hello)) {
            cut(Refusal.HELLO_RESUMES, Optional.empty());
        } else {
            leave();
        }
    }

    private void onFault(HelloFault fault) {
        switch (fault.kind()) {
            case NOT_TLS -> cut(Refusal.HELLO_MALFORMED, Optional.of("The second ClientHello is in no record of TLS."));
            case MALFORMED -> cut(Refusal.HELLO_MALFORMED, Optional.of(fault.problem()));
            case TOO_LARGE -> cut(Refusal.HELLO_TOO_LARGE, Optional.of(fault.problem()));
            case FRAGMENTED -> cut(Refusal.HELLO_FRAGMENTED, Optional.of(fault.problem()));
            case SERVER_NAME_MISSING ->
                cut(Refusal.HELLO_CHANGED, Optional.of("The second ClientHello has no server_name."));
        }
    }

    private void cut(Refusal refusal, Optional<String> hint) {
        over = true;
        held.discard();
        clientSide.leave();
        upstreamSide.leave();
        relay.cut(refusal, hint);
    }

    /** Passes on what is held, and removes the watch. */
    private void leave() {
        if (over) {
            return;
        }
        over = true;
        upstreamSide.leave();
        clientSide.handOver();
    }

    /** The handler in the client's pipeline. */
    private final class ClientSide extends ChannelInboundHandlerAdapter {
        private @Nullable ChannelHandlerContext context;
        /** Reading has stopped because enough is held. */
        private boolean paused;

        private ChannelHandlerContext context() {
            if (context == null) {
                throw new IllegalStateException("not in a pipeline");
            }
            return context;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            take(reading, (ByteBuf) message);
            if (held.size() >= HeldBytes.ENOUGH) {
                // The relay may have turned reading on again for the bytes that it was passed, so this comes last.
                paused = true;
                reading.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
            if (!HalfClose.isToldBy(event) || mayFinish()) {
                triggered.fireUserEventTriggered(event);
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext removed) {
            held.discard();
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (!over) {
                // The client's connection is closed, so no second hello can come.
                over = true;
                upstreamSide.leave();
            }
        }

        /** Passes on the held bytes, and then the client's half-close. */
        private void handOver() {
            ChannelHandlerContext client = context();
            ByteBuf all = held.takeAll();
            leave();
            relay.readMuch();
            if (paused) {
                client.channel().config().setAutoRead(true);
            }
            if (all.isReadable()) {
                client.fireChannelRead(all);
                client.fireChannelReadComplete();
            }
            if (endHeld) {
                client.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        }

        private void leave() {
            if (!context().isRemoved()) {
                context().pipeline().remove(this);
            }
        }
    }

    /** The handler in the upstream's pipeline. */
    private final class UpstreamSide extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            ServerHelloReading read = answer.read(((ByteBuf) message).nioBuffer());
            reading.fireChannelRead(message);
            onAnswer(read);
        }

        /** An upstream that will send nothing more cannot ask for a second ClientHello. */
        @Override
        public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
            if (HalfClose.isToldBy(event)) {
                RetryWatch.this.leave();
            }
            triggered.fireUserEventTriggered(event);
        }

        private void leave() {
            Channel channel = relay.upstreamLeg().channel();
            if (channel.pipeline().context(this) != null) {
                channel.pipeline().remove(this);
            }
        }
    }
}
