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
 * One attempt to reach an upstream through a parent proxy: name, TCP, TLS, CONNECT, answer. For LittleProxy the connect
 * is not complete until the parent has opened the tunnel; it sees neither TLS nor a byte of the parent.
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
     * @param promise of LittleProxy's connect
     * @param next replaces this handler once the parent has opened the tunnel
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
                        throw new IllegalStateException("the resolver's future failed", found.cause());
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
            // An address that drops packets must not use up the time of the others.
            dialling.elsewhere(untried.size() - 1);
            limitTime();
        }
        // All may have been tried where the name now has fewer addresses.
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
            // A TLS server never sends first, so these bytes are not Konnect's.
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

    /** The parent has opened the tunnel: from here on the channel is handled as a directly dialled upstream. */
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
        // If the client has left in the meantime, the parent is not at fault.
        if (!dialling.over()) {
            dialling.attemptFailed(failure);
        }
        context().close();
        // LittleProxy gets a neutral exception, because it treats some causes specially.
        promise.tryFailure(new AttemptFailed());
    }

    private void finish() {
        step = Step.OVER;
        cancelDeadline();
    }

    /** Not when it leaves the pipeline: LittleProxy's promise must still be completed. */
    @Override
    protected boolean isOver() {
        return step == Step.OVER;
    }

    @Override
    protected void onFailure(Throwable cause) {
        TunnelLog.internalError(cause);
        unreachable(Refusal.INTERNAL_ERROR, words.broken());
    }

    /** LittleProxy is told that the channel is active only when the tunnel is open. */
    @Override
    public void channelActive(ChannelHandlerContext active) {}

    /** After a FIN or a reset the TLS handler would still wait for the rest of the handshake. */
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

    /** Not passed on: LittleProxy, which never saw the channel active, would close the client's connection too. */
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

    /** Fails any other connect on this channel. */
    @Override
    public void connect(
            ChannelHandlerContext connecting, SocketAddress remote, SocketAddress local, ChannelPromise to) {
        to.setFailure(new IllegalStateException("this channel is connected already"));
    }

    /** A failed attempt, without a stack trace. */
    private static final class AttemptFailed extends Exception {
        private static final long serialVersionUID = 1;

        AttemptFailed() {
            super("the parent proxy opened no tunnel", null, false, false);
        }
    }
}
