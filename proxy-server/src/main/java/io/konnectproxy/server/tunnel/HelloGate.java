package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.wire.ClientHelloReader;
import io.konnectproxy.wire.HelloReading;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.konnectproxy.wire.HelloReading.HelloFault;
import io.konnectproxy.wire.HelloReading.NeedMore;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The phase between the open tunnel and the relay: the client's first bytes are held until they are a ClientHello for
 * the permitted host. Until then no byte goes to the upstream.
 */
public final class HelloGate extends ClientHandler {
    /**
     * The server name that a data plane with {@code cluster_mtls=shared} sends. That mode is for a self-managed control
     * plane, not for Konnect.
     */
    private static final String SHARED_MODE_SERVER_NAME = "kong_clustering";

    private final TunnelServices services;
    private final Tunnel tunnel;
    private final Channel upstream;
    private final HeldBytes held;
    private final boolean clientFinished;
    private final BiConsumer<ClientHandler, ClientHello> next;

    /**
     * @param next replaces the given phase with the relay, after a ClientHello that may pass
     */
    public HelloGate(TunnelServices services, Established established, BiConsumer<ClientHandler, ClientHello> next) {
        this.services = services;
        this.tunnel = established.tunnel();
        this.upstream = established.upstream();
        this.held = established.held();
        this.clientFinished = established.clientFinished();
        this.next = next;
    }

    @Override
    protected void onEntered() {
        within(services.timeouts().clientHello());
        HelloReading reading = ClientHelloReader.read(held.view());
        if (reading != NeedMore.NEED_MORE) {
            judge(reading);
        } else if (clientFinished) {
            onClientFinished();
        } else {
            context().read();
        }
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        if (held.add(bytes)) {
            judge(ClientHelloReader.read(held.view()));
        } else {
            cut(Refusal.MEMORY_LIMIT, Optional.empty());
        }
    }

    private void judge(HelloReading reading) {
        if (reading instanceof ClientHello hello) {
            onHello(hello);
        } else if (reading instanceof HelloFault fault) {
            onFault(fault);
        }
    }

    private void onHello(ClientHello hello) {
        tunnel.hello(said(hello));
        if (!tunnel.permit().admitsServerName(hello.serverName())) {
            cut(
                    Refusal.SNI_MISMATCH,
                    hello.serverName().equals(SHARED_MODE_SERVER_NAME)
                            ? Optional.of(
                                    "The data plane runs with cluster_mtls=shared; Konnect needs cluster_mtls=pki.")
                            : Optional.empty());
        } else if (services.refusesResumption(hello)) {
            cut(Refusal.HELLO_RESUMES, Optional.empty());
        } else {
            goOn(hello);
        }
    }

    static AuditRecord.Hello said(ClientHello hello) {
        return new AuditRecord.Hello(
                Optional.of(hello.serverName()),
                hello.alpn(),
                hello.alpnCut(),
                hello.versions(),
                hello.ech(),
                hello.resumes());
    }

    private void onFault(HelloFault fault) {
        Refusal refusal = switch (fault.kind()) {
            case NOT_TLS -> Refusal.HELLO_NOT_TLS;
            case MALFORMED -> Refusal.HELLO_MALFORMED;
            case TOO_LARGE -> Refusal.HELLO_TOO_LARGE;
            case FRAGMENTED -> Refusal.HELLO_FRAGMENTED;
            case SERVER_NAME_MISSING -> Refusal.SNI_MISSING;
        };
        cut(refusal, Optional.of(fault.problem()));
    }

    private void goOn(ClientHello hello) {
        if (upstream.isActive()) {
            next.accept(this, hello);
        } else {
            // The upstream closed before the relay was there, so the relay would get no event for it.
            close(Outcome.Closed.UPSTREAM_CLOSED);
        }
    }

    private void cut(Refusal refusal, Optional<String> hint) {
        end(new Outcome.Failed(refusal), hint);
        held.discard();
        LingeringClose closing = new LingeringClose();
        giveWayTo(closing);
        closing.say(Reply.alert(refusal));
    }

    private void end(Outcome outcome, Optional<String> hint) {
        tunnel.end(outcome, hint);
        upstream.close();
    }

    private void close(Outcome outcome) {
        end(outcome, Optional.empty());
        context().close();
    }

    @Override
    protected boolean wantsMore() {
        return !clientFinished;
    }

    @Override
    protected void onClientFinished() {
        close(Outcome.Closed.CLIENT_CLOSED);
    }

    @Override
    protected void onClosed() {
        held.discard();
        end(Outcome.Closed.CLIENT_CLOSED, Optional.empty());
    }

    @Override
    protected void onFailure(Throwable cause) {
        if (cause instanceof IOException) {
            close(Outcome.Closed.CLIENT_RESET);
        } else {
            TunnelLog.internalError(cause);
            cut(Refusal.INTERNAL_ERROR, Optional.empty());
        }
    }

    @Override
    protected void onDeadline() {
        cut(Refusal.HELLO_TIMEOUT, Optional.empty());
    }

    @Override
    protected Optional<Tunnel> tunnel() {
        return Optional.of(tunnel);
    }

    @Override
    protected void onPolicyChanged() {
        close(Outcome.Closed.POLICY_CHANGED);
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            close(Outcome.Closed.DRAINED);
        }
    }
}
