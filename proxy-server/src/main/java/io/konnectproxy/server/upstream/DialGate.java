package io.konnectproxy.server.upstream;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.capacity.Capacity;
import io.konnectproxy.server.dns.NameResolver;
import io.konnectproxy.server.dns.Resolution;
import io.konnectproxy.server.dns.Resolution.Resolved;
import io.konnectproxy.server.dns.Resolution.Unresolved;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.Drain;
import io.konnectproxy.server.tunnel.Established;
import io.konnectproxy.server.tunnel.HalfClose;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.LingeringClose;
import io.konnectproxy.server.tunnel.Reply;
import io.konnectproxy.server.tunnel.Slot;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.server.tunnel.TunnelServices;
import io.konnectproxy.server.upstream.littleproxy.Dialler;
import io.konnectproxy.server.upstream.littleproxy.LittleProxyServer;
import io.konnectproxy.server.upstream.littleproxy.PermittedRequest;
import io.konnectproxy.target.Authority;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The phase after the verdict, for a permitted request: the decision is recorded, the name is resolved, and LittleProxy
 * dials. What LittleProxy then writes to the client is only the signal that it has finished; the client gets the
 * proxy's own {@link Reply} instead.
 */
public final class DialGate extends ClientHandler implements Dialler {
    private final TunnelServices services;
    private final Egress egress;
    private final Function<Established, ClientHandler> next;
    private final Tunnel tunnel;
    private final AuditRecord.Decision decision;
    private final Slot slot;
    private final HeldBytes held;
    private final Dialling dialling;
    private Step step = Step.RECORDING;
    private @Nullable Future<Resolution> lookUp;
    private boolean clientFinished;
    private boolean parentTls;

    /** What this phase waits for, and the refusal for the case that it does not happen in time. */
    private enum Step {
        RECORDING(Refusal.AUDIT_UNAVAILABLE),
        RESOLVING(Refusal.DNS_TIMEOUT),
        DIALLING(Refusal.CONNECT_TIMEOUT),
        ANSWERING(Refusal.INTERNAL_ERROR);

        private final Refusal late;

        Step(Refusal late) {
            this.late = late;
        }
    }

    /**
     * @param next makes the next phase of an open tunnel
     */
    public DialGate(
            TunnelServices services,
            Egress egress,
            PermittedTunnel permitted,
            Function<Established, ClientHandler> next) {
        this.services = services;
        this.egress = egress;
        this.next = next;
        this.tunnel = permitted.tunnel();
        this.decision = permitted.decision();
        this.slot = permitted.slot();
        this.held = permitted.held();
        this.clientFinished = permitted.clientFinished();
        this.dialling = new Dialling(
                tunnel,
                egress,
                permitted.chain(),
                permitted.begun(),
                services.timeouts().connect());
    }

    @Override
    public InetSocketAddress nextAddress() {
        // LittleProxy stops reading from the client with each attempt, but the end of the client's connection must be
        // noticed.
        Channel client = context().channel();
        client.eventLoop().execute(client::read);
        return dialling.nextAddress();
    }

    @Override
    public void onAttemptMore(Runnable oneAttemptMore) {
        dialling.onAttemptMore(oneAttemptMore);
    }

    @Override
    protected void onEntered() {
        within(dialling.patience());
        services.record(decision, context().channel().eventLoop(), this::onRecorded);
    }

    private void onRecorded(boolean recorded) {
        if (recorded) {
            tunnel.decisionRecorded();
        }
        guarded(() -> {
            if (tunnel.ended()) {
                context().close();
            } else if (recorded) {
                goOn();
            } else {
                // The decision has no line, so the tunnel must not have one either.
                services.dataPlanes()
                        .refused(
                                tunnel.client(),
                                Optional.of(tunnel.permit().authority().host()),
                                Refusal.AUDIT_UNAVAILABLE,
                                Optional.empty());
                leave(new Refused(Refusal.AUDIT_UNAVAILABLE));
            }
        });
    }

    private void goOn() {
        List<ParentProxy> parents = egress.parents().to(tunnel.permit().rule());
        // Parents are tried one after the other, so there is one TLS handshake at a time. A lack of memory is refused
        // here, so that it does not count as the failure of a parent.
        parentTls = parents.stream().anyMatch(ParentProxy::speaksTls);
        if (parentTls && !slot.share().hold(Capacity.TLS + Capacity.HANDSHAKE)) {
            fail(new Refused(Refusal.MEMORY_LIMIT), Optional.empty());
        } else if (parents.isEmpty()) {
            resolve(
                    egress.resolver(),
                    addresses -> dial(Route.direct(egress.dead().last(addresses))));
        } else if (parents.stream().allMatch(ParentProxy::resolves)) {
            dial(through(parents, List.of()));
        } else {
            // Where one parent needs addresses, the name must have permitted addresses before any parent is asked.
            resolve(egress.resolverForParents(), addresses -> dial(through(parents, addresses)));
        }
    }

    private Route through(List<ParentProxy> parents, List<InetSocketAddress> addresses) {
        Authority authority = tunnel.permit().authority();
        InetSocketAddress asked = egress.redirect()
                .apply(InetSocketAddress.createUnresolved(authority.host().toString(), authority.port()));
        return Route.through(
                parents,
                asked.getHostString() + ":" + asked.getPort(),
                addresses.stream().map(NetUtil::toSocketAddressString).toList());
    }

    private void resolve(NameResolver resolver, Consumer<List<InetSocketAddress>> then) {
        step = Step.RESOLVING;
        long begun = System.nanoTime();
        EventLoop loop = context().channel().eventLoop();
        Future<Resolution> asked =
                resolver.resolve(tunnel.permit(), decision.client().address().getAddress(), loop);
        lookUp = asked;
        asked.addListener(found -> guarded(() -> onResolved(asked, Duration.ofNanos(System.nanoTime() - begun), then)));
    }

    private void onResolved(Future<Resolution> found, Duration time, Consumer<List<InetSocketAddress>> then) {
        if (tunnel.ended()) {
            return;
        }
        if (!found.isSuccess()) {
            throw new IllegalStateException("the resolver's future failed", found.cause());
        }
        tunnel.resolved(time);
        if (found.getNow() instanceof Resolved resolved) {
            then.accept(resolved.addresses().stream()
                    .map(checked -> egress.redirect().apply(checked.address()))
                    .toList());
        } else {
            Unresolved unresolved = (Unresolved) found.getNow();
            fail(unresolved.refused(), unresolved.hint());
        }
    }

    private void dial(Route route) {
        step = Step.DIALLING;
        dialling.begin(route);
        context().fireChannelRead(new PermittedRequest(tunnel.permit(), this));
    }

    /** LittleProxy reports with its first write that it is connected, or that it gave up. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        boolean report = step == Step.DIALLING && !(message instanceof ByteBuf bytes && !bytes.isReadable());
        ReferenceCountUtil.release(message);
        if (!report) {
            promise.trySuccess();
            return;
        }
        step = Step.ANSWERING;
        Channel upstream = dialling.upstream();
        if (upstream == null || !upstream.isActive()) {
            promise.trySuccess();
            fail(dialling.failure(), Optional.empty());
        } else {
            writing.write(Reply.established(), promise.unvoid()).addListener(written -> {
                if (!written.isSuccess()) {
                    // With TLS a failed write does not always close the connection.
                    guarded(() -> onFailure(written.cause()));
                } else if (!context().isRemoved()) {
                    onEstablished(upstream);
                }
            });
        }
    }

    private void onEstablished(Channel upstream) {
        tunnel.established();
        if (parentTls) {
            slot.share().release(Capacity.HANDSHAKE);
        }
        LittleProxyServer.strip(context().pipeline());
        LittleProxyServer.strip(upstream.pipeline());
        giveWayTo(next.apply(new Established(tunnel, slot, upstream, held, clientFinished)));
    }

    /** LittleProxy closes the connection by itself; the client must still get an answer. */
    @Override
    public void close(ChannelHandlerContext closing, ChannelPromise promise) {
        if (step == Step.DIALLING) {
            fail(new Refused(Refusal.INTERNAL_ERROR), Optional.empty());
            promise.trySuccess();
        } else {
            closing.close(promise);
        }
    }

    private void end(Outcome outcome, Optional<String> hint) {
        tunnel.end(outcome, hint);
        dialling.end();
        if (lookUp != null) {
            // The result is no longer needed.
            lookUp.cancel(false);
        }
    }

    private void fail(Refused refused, Optional<String> hint) {
        end(new Outcome.Failed(refused.refusal()), hint);
        leave(refused);
    }

    private void leave(Refused refused) {
        held.discard();
        LingeringClose closing = new LingeringClose();
        LittleProxyServer.strip(context().pipeline());
        giveWayTo(closing);
        closing.say(Reply.refused(refused, tunnel.id(), Reply.Recorded.LINE));
    }

    /** Applies to the reads of LittleProxy as well, so that the held bytes stay bounded. */
    @Override
    public void read(ChannelHandlerContext reading) {
        if (wantsMore()) {
            reading.read();
        }
    }

    @Override
    protected void onBytes(ByteBuf bytes) {
        if (!held.add(bytes)) {
            fail(new Refused(Refusal.MEMORY_LIMIT), Optional.empty());
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
            context().close();
        }
    }

    @Override
    protected void onClosed() {
        held.discard();
        end(Outcome.Closed.CLIENT_CLOSED, Optional.empty());
    }

    @Override
    protected void onFailure(Throwable cause) {
        if (cause instanceof IOException) {
            end(Outcome.Closed.CLIENT_RESET, Optional.empty());
            context().close();
        } else {
            TunnelLog.internalError(cause);
            fail(new Refused(Refusal.INTERNAL_ERROR), Optional.empty());
        }
    }

    /** The resolver and the attempts have deadlines of their own; this one holds even if those fail. */
    @Override
    protected void onDeadline() {
        if (step == Step.DIALLING && !dialling.hasTried()) {
            // LittleProxy reports nothing when the system gives it no socket.
            fail(new Refused(Refusal.CONNECT_FAILED), Optional.of("There was no socket to dial from."));
        } else {
            fail(new Refused(step.late), Optional.empty());
        }
    }

    @Override
    protected Optional<Tunnel> tunnel() {
        return Optional.of(tunnel);
    }

    @Override
    protected void onPolicyChanged() {
        end(Outcome.Closed.POLICY_CHANGED, Optional.empty());
        // While the decision is being recorded nothing may be said; the connection closes once it is.
        if (step != Step.RECORDING) {
            leave(new Refused(Refusal.CONFIGURATION_CHANGED));
        }
    }

    @Override
    protected void onDrain(Drain drain) {
        if (drain == Drain.END) {
            end(Outcome.Closed.DRAINED, Optional.empty());
            // While the decision is being recorded the connection stays open, so that the shutdown waits for both
            // lines.
            if (step != Step.RECORDING) {
                context().close();
            }
        }
    }
}
