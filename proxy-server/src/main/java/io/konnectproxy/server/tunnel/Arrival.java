package io.konnectproxy.server.tunnel;

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
import io.konnectproxy.target.ConnectTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A client connection until it has its verdict: where it came in, whose it is as far as that is known, and the ways on:
 * {@link #judge}, or {@link #refuse}, of which nobody comes back. Lives on the connection's event loop.
 */
final class Arrival {
    private final TunnelServices services;
    private final Backlog backlog;
    private final Admission admission;
    private final Admission.Place place;
    private final Channel channel;
    private final Entrance entrance;
    private final String id = RequestId.next();
    private final long begun = System.nanoTime();
    private Client client;
    /** The rules that it was judged by, where they are its own. */
    private Optional<String> entry = Optional.empty();

    /** What a client that is refused reads, if anything. */
    enum LastWord {
        /** The refusal, as HTTP. */
        REPLY,
        /** A TLS alert in clear, to a client that waits for a handshake. */
        ALERT,
        /** Nothing: no words would be understood. */
        NOTHING
    }

    Arrival(TunnelServices services, Admission admission, Backlog backlog, Channel channel) {
        this.services = services;
        this.admission = admission;
        this.backlog = backlog;
        this.place = admission.place();
        this.channel = channel;
        this.entrance = ListenerAddress.entrance(channel.parent());
        this.client = new Client(peer());
    }

    TunnelServices services() {
        return services;
    }

    Entrance entrance() {
        return entrance;
    }

    /** Who connected, which may be a load balancer. */
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

    /** What is left of the time for the request head, which counts from the connection's first moment. */
    Duration patience() {
        Duration left = services.timeouts().head().minusNanos(System.nanoTime() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Counts the connection; of whom it is will be said in a PROXY header. */
    Optional<Refusal> enterUnnamed() {
        return counted(place.take());
    }

    /** Counts the connection as its client's. */
    Optional<Refusal> enter() {
        return counted(place.takeFor(address()));
    }

    /** The peer has said that the connection is this client's. */
    void standsFor(InetSocketAddress source) {
        client = new Client(source, Optional.of(peer()), Optional.empty(), List.of());
    }

    /** Counts the connection no more. */
    void leave() {
        place.leave();
    }

    private Optional<Refusal> counted(Optional<Refusal> full) {
        if (full.isEmpty()) {
            leaveWhenClosed(channel, place);
        }
        return full;
    }

    /** Static, so that an open tunnel does not hold its arrival. */
    private static void leaveWhenClosed(Channel channel, Admission.Place place) {
        channel.closeFuture().addListener(closed -> place.leave());
    }

    /** The client has a certificate in which these names stand. */
    void certified(List<String> names) {
        client = new Client(client.address(), client.peer(), client.user(), names);
    }

    /** The client knows this user's password. */
    void authenticated(String user) {
        client = new Client(client.address(), client.peer(), Optional.of(user), client.certificateNames());
    }

    /** The verdict, and what follows from it. */
    void judge(ClientHandler phase, ConnectTarget target, AskedTarget asked, HeldBytes early, boolean clientFinished) {
        Verdict verdict = isDraining() ? new Refused(Refusal.DRAINING) : judge(target);
        if (verdict instanceof Permitted permitted) {
            open(phase, permitted.permit(), verdict, asked, early, clientFinished);
        } else if (verdict instanceof Unenforced unenforced) {
            open(phase, unenforced.permit(), verdict, asked, early, clientFinished);
        } else {
            early.discard();
            Refused refused = (Refused) verdict;
            boolean exact = !refused.remedy().equals(refused.refusal().remedy());
            refuse(
                    phase,
                    refused,
                    Optional.of(asked),
                    exact ? Optional.of(refused.remedy()) : Optional.empty(),
                    LastWord.REPLY);
        }
    }

    private Verdict judge(ConnectTarget target) {
        Judgement judgement = services.policy().decide(client, target);
        entry = judgement.entry().map(ClientEntry::name);
        return judgement.verdict();
    }

    private void open(
            ClientHandler phase,
            TunnelPermit permit,
            Verdict verdict,
            AskedTarget asked,
            HeldBytes early,
            boolean clientFinished) {
        Tunnel tunnel = new Tunnel(services, backlog, id, permit);
        phase.giveWayTo(
                new DialGate(tunnel, decision(verdict, Optional.of(asked), Optional.empty()), early, clientFinished));
    }

    /** The one way out without a permit: recorded or counted, then answered, where an answer would be understood. */
    void refuse(
            ClientHandler phase,
            Refused refused,
            Optional<AskedTarget> asked,
            Optional<String> hint,
            LastWord lastWord) {
        Farewell farewell = new Farewell();
        phase.giveWayTo(farewell);
        if (!hasLine(refused.refusal())) {
            farewell.say(words(refused, lastWord, Reply.Recorded.SUM));
            return;
        }
        services.record(decision(refused, asked, hint), channel.eventLoop(), recorded -> {
            // What has no line is not said either: a verdict that nobody recorded was never given.
            farewell.say(
                    words(recorded ? refused : new Refused(Refusal.AUDIT_UNAVAILABLE), lastWord, Reply.Recorded.LINE));
        });
    }

    /** Else it is counted, and its client's sum tells of it. */
    private boolean hasLine(Refusal refusal) {
        return services.refusals()
                .hasLine(
                        address(),
                        ListenerAddress.text(channel.parent()),
                        refusal,
                        services.clock().instant());
    }

    private ByteBuf words(Refused said, LastWord lastWord, Reply.Recorded recorded) {
        return switch (lastWord) {
            case REPLY -> Reply.refused(said, id, recorded);
            case ALERT -> Reply.alert(said.refusal());
            case NOTHING -> Unpooled.EMPTY_BUFFER;
        };
    }

    /** Nobody can be answered any more; the decision is recorded or counted all the same. */
    void recordOnly(Refusal refusal, Optional<AskedTarget> asked, Optional<String> hint) {
        if (hasLine(refusal)) {
            var unused = services.record(decision(new Refused(refusal), asked, hint));
        }
    }

    private AuditRecord.Decision decision(Verdict verdict, Optional<AskedTarget> asked, Optional<String> hint) {
        return new AuditRecord.Decision(
                services.clock().instant(),
                id,
                ListenerAddress.text(channel.parent()),
                client,
                entry,
                asked,
                verdict,
                hint);
    }
}
