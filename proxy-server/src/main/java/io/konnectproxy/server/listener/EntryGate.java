package io.konnectproxy.server.listener;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.listener.ClientConnection.LastWord;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.server.upstream.littleproxy.LittleProxyServer;
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
 * The first phase of a client connection. It finds out the client, by its address or by a PROXY header, and whether
 * this listener admits that client; on a TLS listener it also checks that the client speaks TLS. It consumes no byte
 * after the PROXY header.
 */
final class EntryGate extends ClientHandler {
    static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private final Function<Channel, ClientConnection> connections;
    private final Executor handshakes;
    private final Function<ClientConnection, ClientHandler> next;
    private @Nullable ClientConnection connection;
    /** Not null while a demanded PROXY header is not complete. */
    private @Nullable ProxyHeaderReader header;

    /**
     * @param connections asked once the connection is there
     * @param handshakes computes the TLS handshakes, so that they do not block an event loop
     * @param next makes the phase that reads the request head
     */
    EntryGate(
            Function<Channel, ClientConnection> connections,
            Executor handshakes,
            Function<ClientConnection, ClientHandler> next) {
        this.connections = connections;
        this.handshakes = handshakes;
        this.next = next;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        LittleProxyServer.stripToRequests(active.pipeline());
        active.fireChannelActive();
        connection = connections.apply(active.channel());
        if (connection.isDraining()) {
            active.close();
            return;
        }
        if (connection.listener().demandsHeader(connection.address())) {
            header = new ProxyHeaderReader();
            within(connection.patience());
            connection.enterUnnamed().ifPresentOrElse(this::refuse, active::read);
        } else {
            onNamed();
        }
    }

    /**
     * The client is known. A client that the listener does not admit uses nothing of the limits. One that it admits is asked
     * again with its request, if the configuration has changed by then.
     */
    private void onNamed() {
        if (connection().listener().admits(connection().address())) {
            connection().enter().ifPresentOrElse(this::refuse, this::onAdmitted);
        } else {
            connection().decide(this::onNotAdmitted);
        }
    }

    private void onNotAdmitted(Optional<Refusal> changed) {
        if (changed.isEmpty() && connection().listener().admits(connection().address())) {
            connection().enter().ifPresentOrElse(this::refuse, this::onAdmitted);
        } else {
            connection().leave();
            refuse(changed.orElse(Refusal.SOURCE_NOT_ALLOWED));
        }
    }

    private void onAdmitted() {
        if (connection().listener().tls().isPresent()) {
            within(connection().patience());
            context().read();
        } else {
            giveWayTo(next.apply(connection()));
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
                // These bytes belong to the next phase; on a TLS listener they go through the TLS handler.
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
            complete.source().ifPresent(connection()::standsFor);
            onNamed();
        } else if (reading instanceof ProxyHeaderFault fault) {
            onFault(fault);
        }
    }

    private void onFault(ProxyHeaderFault fault) {
        TunnelLog.misdirected(fault.problem(), connection().peer());
        refuse(new Refused(Refusal.MALFORMED_REQUEST, fault.problem()), Optional.of(fault.problem()));
    }

    /** Called on TLS listeners only. */
    private void onFirstByte(ByteBuf bytes) {
        if (!ClientTls.begins(bytes)) {
            onPlain(bytes);
        } else if (!connection().hold(Capacity.TLS + Capacity.HANDSHAKE)) {
            refuse(Refusal.MEMORY_LIMIT);
        } else {
            ClientTls.install(
                    context().channel(),
                    connection().listener().tls().orElseThrow().get(),
                    handshakes,
                    () -> connection().release(Capacity.HANDSHAKE));
            giveWayTo(next.apply(connection()));
        }
    }

    private void onPlain(ByteBuf bytes) {
        String hint = Misdirection.hint(bytes).orElse(ClientTls.NOT_TLS);
        TunnelLog.misdirected(hint, connection().peer());
        connection()
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
        connection().refuse(this, refused, Optional.empty(), hint, lastWord());
    }

    private LastWord lastWord() {
        return connection().listener().tls().isPresent() ? LastWord.ALERT : LastWord.REPLY;
    }

    private ClientConnection connection() {
        if (connection == null) {
            throw new IllegalStateException("the channel is not active yet");
        }
        return connection;
    }

    @Override
    protected boolean wantsMore() {
        return true;
    }

    @Override
    protected void onCrowded(Refusal refusal) {
        connection().crowdedOut(this, refusal, Optional.empty(), lastWord());
    }

    @Override
    protected void onDeadline() {
        if (connection().isDraining()) {
            context().close();
        } else {
            refuse(
                    new Refused(Refusal.HEAD_TIMEOUT),
                    header == null ? Optional.empty() : Optional.of("No PROXY header came from this peer."));
        }
    }

    /**
     * A connection without a request, perhaps a load balancer's health check, is not a decision and is not recorded.
     */
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
        if (cause instanceof IOException || connection == null) {
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
