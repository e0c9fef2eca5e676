package io.konnectproxy.server.listener;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.listener.Arrival.LastWord;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.server.upstream.littleproxy.Engine;
import io.konnectproxy.wire.ProxyHeaderReader;
import io.konnectproxy.wire.ProxyHeaderReading;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeader;
import io.konnectproxy.wire.ProxyHeaderReading.ProxyHeaderFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first phase of a client connection: whose it is, by its address or by a PROXY header, and whether that client may come
 * in here at all; on a TLS listener also that TLS is what it speaks. Takes no byte of what follows.
 */
final class EntryGate extends ClientHandler {
    static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private final Function<Channel, Arrival> arrivals;
    private final Executor handshakes;
    private final Function<Arrival, ClientHandler> next;
    private @Nullable Arrival arrival;
    /** Where a PROXY header is demanded, until it is read. */
    private @Nullable ProxyHeaderReader header;

    /**
     * @param arrivals asked once the connection is there
     * @param handshakes does the arithmetic of TLS handshakes, so that no event loop has to
     * @param next for the request head
     */
    EntryGate(Function<Channel, Arrival> arrivals, Executor handshakes, Function<Arrival, ClientHandler> next) {
        this.arrivals = arrivals;
        this.handshakes = handshakes;
        this.next = next;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        Engine.removeDecoder(active.pipeline());
        active.fireChannelActive();
        Channel channel = active.channel();
        arrival = arrivals.apply(channel);
        if (!ListenerAddress.isFor(channel.parent(), arrival.address())) {
            active.close();
            return;
        }
        if (arrival.isDraining()) {
            active.close();
            return;
        }
        if (arrival.entrance().demandsHeader(arrival.address())) {
            header = new ProxyHeaderReader();
            within(arrival.patience());
            arrival.enterUnnamed().ifPresentOrElse(this::refuse, active::read);
        } else {
            onNamed();
        }
    }

    /** It is known whose connection this is. Strangers take no place of anybody. */
    private void onNamed() {
        if (arrival().entrance().admits(arrival().address())) {
            arrival().enter().ifPresentOrElse(this::refuse, this::onAdmitted);
        } else {
            arrival().leave();
            refuse(Refusal.SOURCE_NOT_ALLOWED);
        }
    }

    private void onAdmitted() {
        if (arrival().entrance().tls().isPresent()) {
            within(arrival().patience());
            context().read();
        } else {
            giveWayTo(next.apply(arrival()));
        }
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        Channel channel = context().channel();
        try {
            if (header != null) {
                readHeader(header, bytes);
            }
            if (header == null && bytes.isReadable() && !context().isRemoved()) {
                onFirstByte(bytes);
            }
            if (context().isRemoved() && bytes.isReadable()) {
                // The next phase's, by way of TLS where there is such.
                channel.pipeline().fireChannelRead(bytes.retain());
            }
        } finally {
            bytes.release();
        }
    }

    private void readHeader(ProxyHeaderReader reader, ByteBuf bytes) {
        ByteBuffer view = bytes.nioBuffer();
        ProxyHeaderReading reading = reader.read(view);
        bytes.skipBytes(view.position());
        if (reading instanceof ProxyHeader complete) {
            header = null;
            complete.source().ifPresent(arrival()::standsFor);
            onNamed();
        } else if (reading instanceof ProxyHeaderFault fault) {
            onFault(fault);
        }
    }

    private void onFault(ProxyHeaderFault fault) {
        TunnelLog.misdirected(fault.problem(), arrival().peer());
        refuse(new Refused(Refusal.MALFORMED_REQUEST, fault.problem()), Optional.of(fault.problem()));
    }

    /** Only a TLS listener looks at it here. */
    private void onFirstByte(ByteBuf bytes) {
        if (!ClientTls.begins(bytes)) {
            onPlain(bytes);
        } else if (!arrival().hold(Capacity.TLS + Capacity.HANDSHAKE)) {
            refuse(Refusal.MEMORY_LIMIT);
        } else {
            ClientTls.install(
                    context().channel(),
                    arrival().entrance().tls().orElseThrow().get(),
                    handshakes,
                    () -> arrival().release(Capacity.HANDSHAKE));
            giveWayTo(next.apply(arrival()));
        }
    }

    private void onPlain(ByteBuf bytes) {
        String hint = Misdirection.hint(bytes).orElse(ClientTls.NOT_TLS);
        TunnelLog.misdirected(hint, arrival().peer());
        arrival()
                .refuse(
                        this,
                        new Refused(Refusal.MALFORMED_REQUEST, hint),
                        Optional.empty(),
                        Optional.of(hint),
                        LastWord.REPLY);
    }

    private void refuse(Refusal refusal) {
        refuse(new Refused(refusal), Optional.empty());
    }

    private void refuse(Refused refused, Optional<String> hint) {
        arrival().refuse(this, refused, Optional.empty(), hint, lastWord());
    }

    private LastWord lastWord() {
        return arrival().entrance().tls().isPresent() ? LastWord.ALERT : LastWord.REPLY;
    }

    private Arrival arrival() {
        if (arrival == null) {
            throw new IllegalStateException("nobody is there yet");
        }
        return arrival;
    }

    @Override
    protected boolean wantsMore() {
        return true;
    }

    @Override
    protected void onCrowded(Refusal refusal) {
        arrival().crowdedOut(this, refusal, Optional.empty(), lastWord());
    }

    @Override
    protected void onDeadline() {
        if (arrival().isDraining()) {
            context().close();
        } else {
            refuse(
                    new Refused(Refusal.HEAD_TIMEOUT),
                    header == null ? Optional.empty() : Optional.of("No PROXY header came from this peer."));
        }
    }

    /** A connection that asked for nothing, a load balancer's look perhaps, is not a decision. */
    @Override
    protected void onClientFinished() {
        if (header == null || header.untouched()) {
            context().close();
        } else if (header.end() instanceof ProxyHeaderFault fault) {
            onFault(fault);
        }
    }

    @Override
    protected void onClosed() {}

    @Override
    protected void onFailure(Throwable cause) {
        if (cause instanceof IOException || arrival == null) {
            context().close();
        } else {
            TunnelLog.internalError(cause);
            refuse(Refusal.INTERNAL_ERROR);
        }
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            context().close();
        } else {
            within(LAST_CHANCE);
        }
    }
}
