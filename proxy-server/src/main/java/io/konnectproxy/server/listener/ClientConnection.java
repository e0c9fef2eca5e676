package io.konnectproxy.server.listener;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.Judgement;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.server.tunnel.ClientHandler;
import io.konnectproxy.server.tunnel.HeldBytes;
import io.konnectproxy.server.tunnel.LingeringClose;
import io.konnectproxy.server.tunnel.Reply;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.server.tunnel.TunnelLog;
import io.konnectproxy.server.upstream.PermittedTunnel;
import io.konnectproxy.target.Authority;
import io.konnectproxy.target.ConnectTarget;
import io.konnectproxy.target.HostName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A client connection until it has its verdict: the listener that accepted it, its client as far as it is known, and
 * the two ways on: {@link #judge} and {@link #refuse}, which is final. Runs on the connection's event loop.
 */
final class ClientConnection {
    private static final Duration AT_ONCE = Duration.ofMillis(500);

    private final InForce inForce;
    private final BoundedConnections undecided;
    private final BoundedConnections refused;
    private final BoundedConnections.Entry pending;
    private final Admission admission;
    private final Admission.CountedSlot slot;
    private final Channel channel;
    private final String id = RequestId.next();
    private final long begun = System.nanoTime();
    /** What was in force at the last step, with the requirements of the listener. */
    private ListenerServices services;

    private Listener listener;
    private Client client;
    /** Bytes that are held for the request head. */
    private int head;
    /** The host of the request. */
    private Optional<HostName> host = Optional.empty();
    /** The user that the client named with a wrong password. */
    private Optional<String> claimedUser = Optional.empty();
    /** The name of the client entry whose rules decided, where one matched. */
    private Optional<String> entry = Optional.empty();

    /** What a refused client is sent, if anything. */
    enum LastWord {
        /** The refusal, as HTTP. */
        REPLY,
        /** A TLS alert in plaintext, to a client that waits for the handshake. */
        ALERT,
        /** Nothing: the client would not understand it. */
        NOTHING
    }

    ClientConnection(
            InForce inForce,
            Admission admission,
            BoundedConnections undecided,
            BoundedConnections refused,
            Channel channel) {
        this.inForce = inForce;
        this.services = inForce.services();
        this.admission = admission;
        this.undecided = undecided;
        this.refused = refused;
        this.channel = channel;
        this.slot = admission.slot(peer().getAddress());
        this.listener = ListenerAddress.demands(channel.parent());
        this.client = new Client(peer());
        this.pending = undecided.enter(channel, address());
        channel.closeFuture().addListener(leaving(slot, undecided, pending));
    }

    ListenerServices services() {
        return services;
    }

    /**
     * Runs a step that decides about this connection, under what is in force now. Nothing changes until it has run.
     *
     * @param step is given the refusal, where what has changed since the last step excludes this connection
     */
    void decide(Consumer<Optional<Refusal>> step) {
        inForce.step(() -> step.accept(keepUp()));
    }

    /** Takes over what is in force. */
    private Optional<Refusal> keepUp() {
        services = inForce.services();
        Listener before = listener;
        listener = ListenerAddress.demands(channel.parent());
        if (listener.equals(before)) {
            return ListenerAddress.isRemoved(channel.parent())
                    ? Optional.of(Refusal.CONFIGURATION_CHANGED)
                    : Optional.empty();
        }
        if (!listener.beginsLike(before, peer().getAddress())) {
            return Optional.of(Refusal.CONFIGURATION_CHANGED);
        }
        return listener.admits(address()) ? Optional.empty() : Optional.of(Refusal.SOURCE_NOT_ALLOWED);
    }

    Listener listener() {
        return listener;
    }

    /** The address that connected, which may be a load balancer's. */
    InetSocketAddress peer() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    /** The client's own address. */
    InetAddress address() {
        return client.address().getAddress();
    }

    boolean isDraining() {
        return admission.isDraining();
    }

    /** What is left of the time for the request head, counted from when the connection was accepted. */
    Duration patience() {
        Duration left = services.tunnels().timeouts().head().minusNanos(System.nanoTime() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * The start of a request that is complete now, on the clock of {@link System#nanoTime}. Within half a second of the
     * connect it is the time of the connect: the client probably sent the request at once, and a process that has just
     * started may have read it late.
     */
    long waitsSince() {
        long now = System.nanoTime();
        return now - begun < AT_ONCE.toNanos() ? begun : now;
    }

    /** Counts the connection in the total; its client is known only after the PROXY header. */
    Optional<Refusal> enterUnnamed() {
        return slot.take();
    }

    /** Counts the connection for its client. */
    Optional<Refusal> enter() {
        return slot.takeFor(address());
    }

    /** The PROXY header of the peer has named this client. */
    void standsFor(InetSocketAddress source) {
        client = new Client(source, Optional.of(peer()), Optional.empty(), List.of());
        undecided.belongTo(pending, address());
    }

    /** Stops counting the connection. */
    void leave() {
        slot.leave();
    }

    /** Static, so that an open tunnel does not keep this object reachable. */
    private static ChannelFutureListener leaving(
            Admission.CountedSlot slot, BoundedConnections undecided, BoundedConnections.Entry entry) {
        return closed -> {
            undecided.leave(entry);
            slot.onClientClosed();
        };
    }

    /**
     * Counts bytes that are kept on the heap for this connection.
     *
     * @return false where they must not be kept
     */
    boolean hold(int bytes) {
        return slot.share().hold(bytes);
    }

    /**
     * Counts bytes of the request head, twice, because what is kept of them may take twice their size. They are
     * released with the verdict.
     */
    boolean holdHead(int bytes) {
        if (!hold(2 * bytes)) {
            return false;
        }
        head += 2 * bytes;
        return true;
    }

    /** Releases bytes that were counted. */
    void release(int bytes) {
        slot.share().release(bytes);
    }

    /** A buffer for the bytes after the head. */
    HeldBytes heldBytes() {
        return new HeldBytes(slot.share());
    }

    /** The client's request names this target. */
    void asks(ConnectTarget target) {
        host = target instanceof Authority authority ? Optional.of(authority.host()) : Optional.empty();
    }

    /** The client has presented a certificate with these names. */
    void certified(List<String> names) {
        client = new Client(client.address(), client.peer(), client.user(), names);
    }

    /** The client has named this user with a wrong password. */
    void claimed(String user) {
        claimedUser = Optional.of(user);
    }

    /** The client has proved to be this user. */
    void authenticated(String user) {
        client = new Client(client.address(), client.peer(), Optional.of(user), client.certificateNames());
    }

    /**
     * Decides on the request within a {@link #decide step}, and replaces the phase with the next one or with the refusal.
     *
     * @param next makes the next phase of a permitted tunnel
     */
    void judge(ClientHandler phase, ConnectRequest request, Function<PermittedTunnel, ClientHandler> next) {
        Verdict verdict = isDraining() ? new Refused(Refusal.DRAINING) : judge(request.target());
        if (verdict instanceof Permitted permitted) {
            phase.giveWayTo(next.apply(permit(permitted.permit(), verdict, request)));
        } else if (verdict instanceof Unenforced unenforced) {
            phase.giveWayTo(next.apply(permit(unenforced.permit(), verdict, request)));
        } else {
            request.held().discard();
            Refused refused = (Refused) verdict;
            boolean exact = !refused.remedy().equals(refused.refusal().remedy());
            refuse(
                    phase,
                    refused,
                    Optional.of(request.asked()),
                    exact ? Optional.of(refused.remedy()) : Optional.empty(),
                    LastWord.REPLY);
        }
    }

    private Verdict judge(ConnectTarget target) {
        Judgement judgement = services.policy().decide(client, target);
        entry = judgement.entry().map(ClientEntry::name);
        return judgement.verdict();
    }

    private PermittedTunnel permit(TunnelPermit permit, Verdict verdict, ConnectRequest request) {
        undecided.leave(pending);
        slot.share().release(head);
        new Begun(listener, services.tunnels().resumption(), services.egress().rules()).keepWith(channel);
        AuditRecord.Decision decision = decision(verdict, Optional.of(request.asked()), Optional.empty());
        AuditRecord.Requester requester = new AuditRecord.Requester(decision.listener(), client, entry);
        return new PermittedTunnel(
                new Tunnel(services.tunnels(), id, requester, permit),
                request.chain(),
                request.begun(),
                decision,
                slot,
                request.held(),
                request.clientFinished());
    }

    /**
     * Refuses the oldest connection where there are too many without a verdict. It has been removed from their count
     * already.
     */
    void crowdedOut(ClientHandler phase, Refusal refusal, Optional<AskedTarget> asked, LastWord lastWord) {
        Optional<String> hint = Optional.of(
                refusal == Refusal.CLIENT_TUNNEL_LIMIT
                        ? "The client has more connections without a verdict than limits.pending-per-client, and this was"
                                + " the oldest of them."
                        : "There are too many connections without a verdict, and this was the oldest of whoever had most.");
        refuse(phase, LingeringClose.withoutLingering(), new Refused(refusal), asked, hint, lastWord);
    }

    /**
     * Refuses the connection: the refusal is recorded or counted first, and then sent where the client would understand
     * it.
     */
    void refuse(
            ClientHandler phase,
            Refused refused,
            Optional<AskedTarget> asked,
            Optional<String> hint,
            LastWord lastWord) {
        if (undecided.leave(pending)) {
            BoundedConnections.Entry entry = this.refused.enter(channel, address());
            channel.closeFuture().addListener(closed -> this.refused.leave(entry));
        }
        refuse(phase, new LingeringClose(), refused, asked, hint, lastWord);
    }

    private void refuse(
            ClientHandler phase,
            LingeringClose closing,
            Refused refused,
            Optional<AskedTarget> asked,
            Optional<String> hint,
            LastWord lastWord) {
        phase.giveWayTo(closing);
        if (!hasLine(refused.refusal(), hint)) {
            closing.say(words(refused, lastWord, Reply.Recorded.SUM));
            return;
        }
        Refused unrecorded = new Refused(Refusal.AUDIT_UNAVAILABLE);
        closing.sayAtLatest(() -> words(unrecorded, lastWord, Reply.Recorded.LINE));
        services.tunnels().record(decision(refused, asked, hint), channel.eventLoop(), recorded -> {
            // A refusal that could not be recorded is not sent: the client is told that the audit trail is unavailable.
            closing.say(words(recorded ? refused : unrecorded, lastWord, Reply.Recorded.LINE));
        });
    }

    /** Tells of a refusal. False where it is only counted in the sum of its client. */
    private boolean hasLine(Refusal refusal, Optional<String> hint) {
        services.tunnels().dataPlanes().refused(client, host, refusal, hint);
        return services.refusals()
                .hasLine(
                        address(),
                        ListenerAddress.text(channel.parent()),
                        refusal,
                        services.tunnels().clock().instant());
    }

    private ByteBuf words(Refused said, LastWord lastWord, Reply.Recorded recorded) {
        return switch (lastWord) {
            case REPLY -> Reply.refused(said, id, recorded);
            case ALERT -> Reply.alert(said.refusal());
            case NOTHING -> Unpooled.EMPTY_BUFFER;
        };
    }

    /** Records or counts a refusal where the client can no longer be answered. */
    void recordOnly(Refusal refusal, Optional<AskedTarget> asked, Optional<String> hint) {
        if (hasLine(refusal, hint)) {
            var unused = services.tunnels().record(decision(new Refused(refusal), asked, hint));
        }
    }

    /** Whether the client may be a health probe. */
    boolean isProbe() {
        return listener.probes(address());
    }

    /** Logs and records a client that began with TLS, and left or was cut off before the first byte of a request. */
    void handshakeInVain(String hint) {
        TunnelLog.handshakeInVain(hint, address());
        recordOnly(Refusal.TLS_HANDSHAKE_FAILED, Optional.empty(), Optional.of(hint));
    }

    private AuditRecord.Decision decision(Verdict verdict, Optional<AskedTarget> asked, Optional<String> hint) {
        return new AuditRecord.Decision(
                services.tunnels().clock().instant(),
                id,
                ListenerAddress.text(channel.parent()),
                client,
                entry,
                claimedUser,
                asked,
                verdict,
                hint);
    }
}
