package io.konnectproxy.server.listener;

import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.credentials.Users;
import io.konnectproxy.server.credentials.Verification;
import io.konnectproxy.server.listener.ClientConnection.LastWord;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.HalfClose;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.wire.Credentials;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The phase between head and verdict on a listener that demands credentials. They are verified on other threads. */
final class CredentialGate extends ClientHandler {
    /** Shorter than the 5 s that a Kong data plane waits for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final ClientConnection connection;
    private final Users users;
    private final Credentials.Basic credentials;
    private final ConnectRequest request;
    private final BiConsumer<ClientHandler, ConnectRequest> verdict;
    private final HeldBytes held;
    private @Nullable CompletableFuture<Verification> answer;
    private boolean clientFinished;

    /**
     * @param verdict replaces the given phase with the next one
     */
    CredentialGate(
            ClientConnection connection,
            Users users,
            Credentials.Basic credentials,
            ConnectRequest request,
            BiConsumer<ClientHandler, ConnectRequest> verdict) {
        this.connection = connection;
        this.users = users;
        this.credentials = credentials;
        this.request = request;
        this.verdict = verdict;
        this.held = request.held();
        this.clientFinished = request.clientFinished();
    }

    @Override
    protected void onEntered() {
        within(PATIENCE);
        answer = users.verify(connection.address(), credentials);
        var unused = answer.whenComplete((verification, failure) -> {
            try {
                context()
                        .channel()
                        .eventLoop()
                        .execute(() -> guarded(
                                () -> connection.decide(changed -> onVerified(changed, verification, failure))));
            } catch (RejectedExecutionException e) {
                // The proxy has ended, and the connection with it.
            }
        });
    }

    private void onVerified(
            Optional<Refusal> changed, @Nullable Verification verification, @Nullable Throwable failure) {
        if (changed.isPresent() || !connection.listener().users().equals(Optional.of(users))) {
            refuse(
                    changed.orElse(Refusal.CONFIGURATION_CHANGED),
                    "The configuration changed while the credentials were being verified.");
        } else if (failure != null) {
            TunnelLog.internalError(failure);
            refuse(Refusal.CREDENTIALS_UNVERIFIED, "The credentials could not be verified.");
        } else if (verification instanceof Verification.Right right) {
            connection.authenticated(right.user());
            verdict.accept(
                    this,
                    new ConnectRequest(
                            request.target(), request.chain(), request.begun(), request.asked(), held, clientFinished));
        } else if (verification instanceof Verification.Wrong wrong) {
            users.claimed(credentials, wrong).ifPresent(connection::claimed);
            refuse(Refusal.CREDENTIALS_INVALID, wrong.hint());
        } else {
            refuse(Refusal.CREDENTIALS_UNVERIFIED, "Too many credentials wait to be verified.");
        }
    }

    private void refuse(Refusal refusal, String hint) {
        leave();
        connection.refuse(this, new Refused(refusal), Optional.of(request.asked()), Optional.of(hint), LastWord.REPLY);
    }

    /** Cancels the verification and drops the bytes that were kept. */
    private void leave() {
        held.discard();
        if (answer != null) {
            answer.cancel(false);
        }
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        if (!held.add(bytes)) {
            leave();
            connection.refuse(
                    this,
                    new Refused(Refusal.MEMORY_LIMIT),
                    Optional.of(request.asked()),
                    Optional.empty(),
                    LastWord.REPLY);
        }
    }

    @Override
    protected boolean wantsMore() {
        return !clientFinished && held.size() < HeldBytes.ENOUGH;
    }

    @Override
    protected void onClientFinished() {
        clientFinished = true;
        if (HalfClose.endedBoth(context().channel())) {
            onClosed();
        }
    }

    @Override
    protected void onClosed() {
        breakOff(Refusal.MALFORMED_REQUEST, "The client left while its credentials were being verified.");
    }

    @Override
    protected void onFailure(Throwable cause) {
        if (cause instanceof IOException) {
            onClosed();
        } else {
            TunnelLog.internalError(cause);
            refuse(Refusal.INTERNAL_ERROR, "The credentials could not be verified.");
        }
    }

    @Override
    protected void onCrowded(Refusal refusal) {
        leave();
        connection.crowdedOut(this, refusal, Optional.of(request.asked()), LastWord.REPLY);
    }

    @Override
    protected void onDeadline() {
        refuse(Refusal.CREDENTIALS_UNVERIFIED, "The credentials were not verified in time.");
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            breakOff(Refusal.DRAINING, "The time to drain was up.");
        }
    }

    /** Called at most once: it closes the connection. */
    private void breakOff(Refusal refusal, String hint) {
        leave();
        connection.refuse(
                this, new Refused(refusal), Optional.of(request.asked()), Optional.of(hint), LastWord.NOTHING);
        context().close();
    }
}
