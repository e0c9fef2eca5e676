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
 * Stands in front of a {@link Relay} until the upstream's first bytes tell whether there is to be a second ClientHello (RFC
 * 8446, section 4.1.4), and then until that one has been judged as the first was. Else it leaves both pipelines at once.
 *
 * <p>Until the upstream has said which it is, what the client sends passes as far as its first handshake record. From there on
 * it is held: the second hello of a client that does not wait for the HelloRetryRequest would be read by nobody but the
 * upstream. No client of TLS sends such a record before it is answered, and early data waits for nothing. What is no record of
 * TLS 1.3 passes, for it ends that; where a HelloRetryRequest comes all the same, the tunnel is cut.
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
    /** The client's end waits behind what is held. */
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
     * Begins in front of both legs, which are in their pipelines.
     *
     * @param hello may pass
     * @param held begins with it
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

    /** Whether the client's end may be told at once; else it follows what is held. */
    boolean mayFinish() {
        clientFinished = true;
        if (retried) {
            giveUp();
        }
        endHeld = held.size() > 0;
        return !endHeld;
    }

    /** The client sends no second hello any more. Half of one is none: no byte of it goes on. */
    private void giveUp() {
        held.discard();
        leave();
    }

    private void take(ChannelHandlerContext client, ByteBuf bytes) {
        int passing = held.size() == 0 ? passing(bytes) : 0;
        if (records.hasStrayed()) {
            // Nothing is held any more, whenever the upstream answers.
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
            // What counts as sent is sent, whatever becomes of what follows.
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

    /** The second ClientHello, as far as it has come. */
    private void judge() {
        HelloReading reading = ClientHelloReader.read(held.view());
        if (reading instanceof ClientHello hello) {
            onHello(hello);
        } else if (reading instanceof HelloFault fault) {
            onFault(fault);
        }
    }

    /** A client must repeat its hello as it was, but for what the server asked to change (RFC 8446, section 4.1.2). */
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

    /** From now on the relay is alone. */
    private void leave() {
        if (over) {
            return;
        }
        over = true;
        upstreamSide.leave();
        clientSide.handOver();
    }

    /** In the client's pipeline. */
    private final class ClientSide extends ChannelInboundHandlerAdapter {
        private @Nullable ChannelHandlerContext context;
        /** Enough is held. */
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
                // Whatever the relay says: it may have told the channel to read on for what it was given.
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
        }

        /** Gives on what is held, and the client's end behind it. */
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

    /** In the upstream's pipeline. */
    private final class UpstreamSide extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            ServerHelloReading read = answer.read(((ByteBuf) message).nioBuffer());
            reading.fireChannelRead(message);
            onAnswer(read);
        }

        /** Who says nothing more asks for no second ClientHello. */
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
