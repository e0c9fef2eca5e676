package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.listener.ClientConnection.LastWord;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.LingeringClose;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.wire.ConnectHeadReader;
import io.konnectproxy.wire.Credentials;
import io.konnectproxy.wire.HeadReading;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;

/**
 * The second phase of a client connection: it reads the request head and identifies the client. On a TLS listener the
 * handshake happens in this phase.
 */
final class HeadGate extends ClientHandler {
    private static final String BROKEN_OFF = "The client broke off in the middle of the request head.";
    private static final String NO_CREDENTIALS =
            "The client sent no user and password. Kong sends none where the URL of proxy_server has a user and no password:"
                    + " it must be user:password@.";
    private static final String LOOP =
            "The request names this proxy in Via, or too many like it: a parent proxy leads back here.";

    private final ClientConnection connection;
    private final ToCredentials credentials;
    private final BiConsumer<ClientHandler, ConnectRequest> verdict;
    private final ConnectHeadReader head;

    /** The phase that follows where credentials have to be verified first. */
    interface ToCredentials {
        ClientHandler before(
                BiConsumer<ClientHandler, ConnectRequest> verdict,
                ConnectRequest request,
                Users users,
                Credentials.Basic credentials);
    }

    /**
     * @param verdict replaces the given phase with the next one
     */
    HeadGate(
            ClientConnection connection, ToCredentials credentials, BiConsumer<ClientHandler, ConnectRequest> verdict) {
        this.connection = connection;
        this.credentials = credentials;
        this.verdict = verdict;
        this.head = new ConnectHeadReader(connection.services().limits().headBytes());
    }

    @Override
    protected void onEntered() {
        within(connection.patience());
        context().read();
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        Optional<String> misdirected = head.untouched() ? Misdirection.hint(bytes) : Optional.empty();
        if (misdirected.isPresent()) {
            bytes.release();
            TunnelLog.misdirected(misdirected.get(), connection.peer());
            refuse(new Refused(Refusal.MALFORMED_REQUEST, misdirected.get()), misdirected);
            return;
        }
        if (!connection.holdHead(bytes.readableBytes())) {
            bytes.release();
            refuse(new Refused(Refusal.MEMORY_LIMIT), Optional.empty());
            return;
        }
        ByteBuffer view = bytes.nioBuffer();
        HeadReading reading = head.read(view);
        bytes.skipBytes(view.position());
        if (reading instanceof ConnectHead complete) {
            // The buffer may contain early bytes of the tunnel after the head.
            HeldBytes early = connection.heldBytes();
            if (early.add(bytes)) {
                connection.decide(changed -> changed.ifPresentOrElse(
                        refusal -> {
                            early.discard();
                            refuse(new Refused(refusal), Optional.empty());
                        },
                        () -> identify(complete, early)));
            } else {
                refuse(new Refused(Refusal.MEMORY_LIMIT), Optional.empty());
            }
        } else {
            bytes.release();
            if (reading instanceof HeadFault fault) {
                onFault(fault);
            }
        }
    }

    private void identify(ConnectHead complete, HeldBytes early) {
        connection.asks(complete.target());
        connection.certified(ClientTls.certificateNames(context().channel()));
        if (complete.chain().isLoop(connection.services().egress().self())) {
            // Before credentials are verified or anything is dialled, because each turn of the loop would cost the same
            // again.
            early.discard();
            TunnelLog.misdirected(LOOP, connection.peer());
            refuse(new Refused(Refusal.PROXY_LOOP), Optional.of(LOOP));
            return;
        }
        Optional<Users> users = connection.listener().users();
        ConnectRequest request = new ConnectRequest(
                complete.target(), complete.chain(), connection.waitsSince(), asked().orElseThrow(), early, false);
        if (users.isEmpty() || connection.isDraining()) {
            verdict.accept(this, request);
        } else if (complete.credentials() instanceof Credentials.Basic basic) {
            giveWayTo(credentials.before(verdict, request, users.get(), basic));
        } else {
            if (complete.credentials() instanceof Credentials.Unreadable unreadable) {
                refuse(new Refused(Refusal.CREDENTIALS_INVALID), Optional.of(unreadable.problem()));
            } else {
                refuse(new Refused(Refusal.CREDENTIALS_REQUIRED), Optional.of(NO_CREDENTIALS));
            }
        }
    }

    private void onFault(HeadFault fault) {
        Refusal refusal = switch (fault.kind()) {
            case NOT_CONNECT -> Refusal.NOT_CONNECT;
            case VERSION_NOT_SUPPORTED -> Refusal.VERSION_NOT_SUPPORTED;
            case TOO_LARGE -> Refusal.HEAD_TOO_LARGE;
            case MALFORMED, NOT_HTTP -> Refusal.MALFORMED_REQUEST;
        };
        boolean http = fault.kind() != HeadFault.Kind.NOT_HTTP;
        if (!http) {
            TunnelLog.misdirected(fault.problem(), connection.peer());
        }
        Refused refused =
                refusal == Refusal.MALFORMED_REQUEST ? new Refused(refusal, fault.problem()) : new Refused(refusal);
        connection.refuse(
                this, refused, asked(), Optional.of(fault.problem()), http ? LastWord.REPLY : LastWord.NOTHING);
    }

    private void refuse(Refused refused, Optional<String> hint) {
        connection.refuse(this, refused, asked(), hint, LastWord.REPLY);
    }

    private Optional<AskedTarget> asked() {
        return head.asked().map(target -> AskedTarget.of(target.text(), target.withoutUser()));
    }

    @Override
    protected boolean wantsMore() {
        return true;
    }

    @Override
    protected void onCrowded(Refusal refusal) {
        connection.crowdedOut(this, refusal, asked(), shakesHands() ? LastWord.NOTHING : LastWord.REPLY);
    }

    @Override
    protected void onDeadline() {
        if (connection.isDraining() && head.untouched()) {
            leave();
        } else if (shakesHands()) {
            connection.handshakeInVain("The handshake was not finished in time.");
            leave();
        } else {
            refuse(new Refused(Refusal.HEAD_TIMEOUT), Optional.empty());
        }
    }

    @Override
    protected void onClientFinished() {
        if (head.untouched()) {
            onNothingAsked();
            leave();
        } else if (head.end() instanceof HeadFault fault) {
            onFault(fault);
        }
    }

    /** Also called without a failure or an end before, where TLS had something to write to a client that had closed. */
    @Override
    protected void onClosed() {
        if (head.untouched()) {
            onNothingAsked();
        } else {
            connection.recordOnly(Refusal.MALFORMED_REQUEST, asked(), Optional.of(BROKEN_OFF));
        }
    }

    @Override
    protected void onFailure(Throwable cause) {
        if (!(cause instanceof IOException)) {
            TunnelLog.internalError(cause);
            refuse(new Refused(Refusal.INTERNAL_ERROR), Optional.empty());
        } else if (head.untouched() && cause instanceof SSLException failure) {
            onNothingAsked(ClientTls.failure(failure, shakesHands()));
            leave();
        } else if (head.untouched()) {
            onNothingAsked();
            leave();
        } else {
            breakOff(Refusal.MALFORMED_REQUEST, Optional.of(BROKEN_OFF));
        }
    }

    /**
     * On a plain listener, a connection without a request may be a load balancer's health check; it is not a decision
     * and is not recorded.
     */
    private void onNothingAsked() {
        ClientTls.leftWithoutRequest(context().channel()).ifPresent(this::onNothingAsked);
    }

    /**
     * A client that began a handshake wanted to use the proxy, so its failure is recorded for the operator, unless it
     * is a probe.
     */
    private void onNothingAsked(String hint) {
        if (!connection.isProbe()) {
            connection.handshakeInVain(hint);
        }
    }

    private boolean shakesHands() {
        return ClientTls.shakesHands(context().channel());
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            breakOff(Refusal.DRAINING, Optional.empty());
        } else if (head.untouched()) {
            // A request may be on its way and must be answered; a connection without a request is not waited for
            // longer.
            within(EntryGate.LAST_CHANCE);
        }
    }

    /** Closes a connection that can no longer be answered; a request that was begun is recorded. */
    private void breakOff(Refusal refusal, Optional<String> hint) {
        if (!head.untouched()) {
            connection.recordOnly(refusal, asked(), hint);
        }
        leave();
    }

    /** Closes; later events of this connection are ignored. */
    private void leave() {
        LingeringClose closing = new LingeringClose();
        giveWayTo(closing);
        closing.leave();
    }
}
