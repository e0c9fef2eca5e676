package io.konnectproxy.server.upstream;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HalfClose;
import io.konnectproxy.server.tunnel.PhaseHandler;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.wire.ConnectReplyReader;
import io.konnectproxy.wire.ReplyReading;
import io.konnectproxy.wire.ReplyReading.Connected;
import io.konnectproxy.wire.ReplyReading.Declined;
import io.konnectproxy.wire.ReplyReading.ReplyFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to reach an upstream through a parent proxy: name, TCP, TLS, CONNECT, answer. LittleProxy believes that it still
 * connects, until the parent has opened the tunnel; it sees neither TLS nor a byte of the parent's.
 */
final class ParentGate extends PhaseHandler {
    private final Dialling dialling;
    private final Attempt.Via attempt;
    private final ParentWords words;
    private final ChannelPromise promise;
    private final ChannelHandler next;
    private final ConnectReplyReader reader = new ConnectReplyReader();
    private boolean elsewhere;
    private Step step = Step.RESOLVING;

    /** How far the attempt has come. */
    enum Step {
        RESOLVING,
        CONNECTING,
        HANDSHAKING,
        ASKING,
        OVER
    }

    /**
     * @param promise LittleProxy's
     * @param next takes its place once the parent has opened the tunnel
     */
    ParentGate(Dialling dialling, Attempt.Via attempt, ChannelPromise promise, ChannelHandler next) {
        this.dialling = dialling;
        this.attempt = attempt;
        this.words = new ParentWords(attempt.parent().url());
        this.promise = promise;
        this.next = next;
    }

    @Override
    protected void onEntered() {
        limitTime();
        attempt.parent()
                .addresses(context().channel().eventLoop())
                .addListener(found -> guarded(() -> {
                    if (!found.isSuccess()) {
                        throw new IllegalStateException("the resolver broke its word", found.cause());
                    }
                    onResolved((Resolution) found.getNow());
                }));
    }

    private void limitTime() {
        within(Duration.ofMillis(dialling.attemptMillis()));
    }

    @Override
    protected void onDeadline() {
        unreachable(Refusal.CONNECT_TIMEOUT, words.late(step));
    }

    private void onResolved(Resolution resolution) {
        if (resolution instanceof Unresolved unresolved) {
            unreachable(Refusal.CONNECT_FAILED, words.unresolved(unresolved.hint()));
            return;
        }
        List<InetSocketAddress> all = dialling.deadLast(((Resolved) resolution)
                .addresses().stream().map(CheckedAddress::address).toList());
        List<InetSocketAddress> untried =
                all.stream().filter(each -> !attempt.tried().contains(each)).toList();
        elsewhere = untried.size() > 1;
        if (elsewhere) {
            // One address that swallows packets is not to use up the time of the others.
            dialling.elsewhere(untried.size() - 1);
            limitTime();
        }
        // There may be fewer of them by now.
        dial(untried.isEmpty() ? all.get(all.size() - 1) : untried.get(0));
    }

    private void dial(InetSocketAddress address) {
        step = Step.CONNECTING;
        attempt.tried().add(address);
        dialling.dialled(address, attempt);
        Optional<SslHandler> tls = attempt.parent().tls();
        tls.ifPresent(handler -> HalfClose.addTls(context().channel(), handler));
        context().channel().config().setConnectTimeoutMillis(0);
        context()
                .connect(address, dialling.source(), context().newPromise())
                .addListener(connected -> guarded(() -> onConnected(connected, tls)));
    }

    private void onConnected(Future<?> connected, Optional<SslHandler> tls) {
        if (!connected.isSuccess()) {
            unreachable(DialFailure.refusal(connected.cause()), words.notConnected(connected.cause()));
        } else if (tls.isPresent()) {
            step = Step.HANDSHAKING;
            tls.get().handshakeFuture().addListener(shaken -> guarded(() -> onHandshake(shaken)));
        } else {
            ask();
        }
    }

    private void onHandshake(Future<?> shaken) {
        if (shaken.isSuccess()) {
            ask();
        } else {
            unreachable(Refusal.CONNECT_FAILED, words.noHandshake(shaken.cause()));
        }
    }

    private void ask() {
        step = Step.ASKING;
        context().writeAndFlush(attempt.parent().request(attempt.asked(), dialling.via()));
        context().read();
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (step == Step.ASKING) {
                ByteBuffer view = bytes.nioBuffer();
                judge(reader.read(view), view.hasRemaining());
            } else if (step != Step.OVER) {
                unreachable(Refusal.CONNECT_FAILED, words.spokeUnasked());
            }
        } finally {
            bytes.release();
        }
    }

    private void judge(ReplyReading reading, boolean more) {
        if (reading instanceof ReplyFault fault) {
            unreachable(Refusal.CONNECT_FAILED, words.noAnswer(fault));
        } else if (reading instanceof Declined declined) {
            attempt.tried().clear();
            over(new DialFailure.Declined(declined.status(), words.declined(declined.status())));
        } else if (reading == Connected.CONNECTED && more) {
            // A server of TLS never speaks first: this is no byte of Konnect's.
            unreachable(Refusal.CONNECT_FAILED, words.spokeBehind());
        } else if (reading == Connected.CONNECTED) {
            onOpen();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        if (step == Step.ASKING) {
            reading.read();
        }
    }

    /** The tunnel is open: from here on everything is as with an upstream that was dialled. */
    private void onOpen() {
        finish();
        attempt.parent().health().answered();
        context().pipeline().replace(this, ClientHandler.GATE, next);
        dialling.connected(context().channel());
        promise.trySuccess();
        context().pipeline().context(next).fireChannelActive();
    }

    private void unreachable(Refusal refusal, String hint) {
        over(new DialFailure.Unreachable(words.refused(refusal), Optional.of(hint), elsewhere));
    }

    private void over(DialFailure failure) {
        if (step == Step.OVER) {
            return;
        }
        finish();
        // A client that left in the meantime is nothing that the parent did.
        if (!dialling.over()) {
            dialling.attemptFailed(failure);
        }
        context().close();
        // LittleProxy gets no cause: it has ideas of its own about some of them.
        promise.tryFailure(new AttemptFailed());
    }

    private void finish() {
        step = Step.OVER;
        cancelDeadline();
    }

    /** Out of the pipeline it still owes LittleProxy an end of its promise. */
    @Override
    protected boolean isOver() {
        return step == Step.OVER;
    }

    @Override
    protected void onFailure(Throwable cause) {
        TunnelLog.internalError(cause);
        unreachable(Refusal.INTERNAL_ERROR, words.broken());
    }

    /** LittleProxy learns that the channel is active when it is of use. */
    @Override
    public void channelActive(ChannelHandlerContext active) {}

    /** The handler of TLS waits for the rest of a handshake behind a FIN, and behind what a reset left of the connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext triggered, Object event) {
        if (HalfClose.isToldBy(event)) {
            onClosed();
        }
    }

    private void onClosed() {
        if (step == Step.ASKING) {
            unreachable(Refusal.CONNECT_FAILED, words.closed());
        } else if (step == Step.HANDSHAKING) {
            unreachable(Refusal.CONNECT_FAILED, words.closedInHandshake());
        }
    }

    /** LittleProxy, which never saw it active, would take the client's connection down with it. */
    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        onClosed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (step == Step.ASKING) {
            unreachable(Refusal.CONNECT_FAILED, words.closed());
        } else if (step != Step.HANDSHAKING) {
            caught.close();
        }
    }

    /** Nobody else dials here. */
    @Override
    public void connect(
            ChannelHandlerContext connecting, SocketAddress remote, SocketAddress local, ChannelPromise to) {
        to.setFailure(new IllegalStateException("this channel has been dialled"));
    }

    /** An attempt that ended, without a stack to walk. */
    private static final class AttemptFailed extends Exception {
        private static final long serialVersionUID = 1;

        AttemptFailed() {
            super("the parent proxy opened no tunnel", null, false, false);
        }
    }
}
