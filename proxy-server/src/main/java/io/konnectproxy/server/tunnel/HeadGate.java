package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AskedTarget;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.ClientEntry;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import io.konnectproxy.wire.ConnectHeadReader;
import io.konnectproxy.wire.HeadReading;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The first phase of a client connection: admission, the request head, the verdict. */
final class HeadGate extends ClientHandler {
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private final TunnelServices services;
    private final Admission admission;
    private final Backlog backlog;
    private final String id = RequestId.next();
    private final ConnectHeadReader head;

    HeadGate(TunnelServices services, Admission admission, Backlog backlog) {
        this.services = services;
        this.admission = admission;
        this.backlog = backlog;
        this.head = new ConnectHeadReader(services.limits().headBytes());
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        Engine.removeDecoder(active.pipeline());
        active.fireChannelActive();
        Channel channel = active.channel();
        InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
        if (!ListenerAddress.isFor(channel.parent(), client.getAddress())) {
            active.close();
            return;
        }
        Optional<Refusal> full = admission.entered(client.getAddress());
        if (full.isPresent()) {
            refuse(new Refused(full.get()), Optional.empty(), Optional.empty());
            return;
        }
        leaveWhenClosed(channel, admission, client.getAddress());
        if (admission.isDraining()) {
            active.close();
        } else {
            within(services.timeouts().head());
            active.read();
        }
    }

    /** Static, so that an open tunnel does not hold this phase, and with it the ones after it. */
    private static void leaveWhenClosed(Channel channel, Admission admission, InetAddress client) {
        channel.closeFuture().addListener(closed -> admission.left(client));
    }

    @Override
    void onBytes(ByteBuf bytes) {
        ByteBuffer view = bytes.nioBuffer();
        HeadReading reading = head.read(view);
        bytes.skipBytes(view.position());
        if (reading instanceof ConnectHead complete) {
            // The buffer may hold early bytes of the tunnel behind the head.
            HeldBytes early = new HeldBytes(bytes);
            try {
                judge(complete, early);
            } catch (RuntimeException | Error e) {
                early.discard();
                throw e;
            }
        } else {
            bytes.release();
            if (reading instanceof HeadFault fault) {
                onFault(fault);
            }
        }
    }

    private void judge(ConnectHead complete, HeldBytes early) {
        Verdict verdict = admission.isDraining()
                ? new Refused(Refusal.DRAINING)
                : services.policy().judge(client(), complete.target());
        if (verdict instanceof Permitted permitted) {
            open(permitted.permit(), verdict, early);
        } else if (verdict instanceof Unenforced unenforced) {
            open(unenforced.permit(), verdict, early);
        } else {
            early.discard();
            Refused refused = (Refused) verdict;
            boolean exact = !refused.remedy().equals(refused.refusal().remedy());
            refuse(refused, asked(), exact ? Optional.of(refused.remedy()) : Optional.empty());
        }
    }

    private void open(TunnelPermit permit, Verdict verdict, HeldBytes early) {
        Tunnel tunnel = new Tunnel(services, backlog, id, permit);
        giveWayTo(new DialGate(tunnel, decision(verdict, asked(), Optional.empty()), early));
    }

    private void onFault(HeadFault fault) {
        Refusal refusal = switch (fault.kind()) {
            case NOT_CONNECT -> Refusal.NOT_CONNECT;
            case VERSION_NOT_SUPPORTED -> Refusal.VERSION_NOT_SUPPORTED;
            case TOO_LARGE -> Refusal.HEAD_TOO_LARGE;
            case MALFORMED, NOT_HTTP -> Refusal.MALFORMED_REQUEST;
        };
        if (fault.kind() == HeadFault.Kind.NOT_HTTP) {
            TunnelLog.misdirected(fault.problem(), context().channel().remoteAddress());
        }
        Refused refused =
                refusal == Refusal.MALFORMED_REQUEST ? new Refused(refusal, fault.problem()) : new Refused(refusal);
        leave(refused, asked(), Optional.of(fault.problem()), fault.kind() != HeadFault.Kind.NOT_HTTP);
    }

    private void refuse(Refused refused, Optional<AskedTarget> asked, Optional<String> hint) {
        leave(refused, asked, hint, true);
    }

    /** The one way out of this phase without a permit: recorded, then answered, where an answer would be understood. */
    private void leave(Refused refused, Optional<AskedTarget> asked, Optional<String> hint, boolean answered) {
        Farewell farewell = new Farewell();
        Channel channel = context().channel();
        giveWayTo(farewell);
        services.record(decision(refused, asked, hint), channel.eventLoop(), recorded -> {
            // What has no line is not said either: a verdict that nobody recorded was never given.
            Refused said = recorded ? refused : new Refused(Refusal.AUDIT_UNAVAILABLE);
            farewell.say(answered ? Reply.refused(said, id) : Unpooled.EMPTY_BUFFER);
        });
    }

    private AuditRecord.Decision decision(Verdict verdict, Optional<AskedTarget> asked, Optional<String> hint) {
        Channel channel = context().channel();
        return new AuditRecord.Decision(
                services.clock().instant(),
                id,
                ListenerAddress.text(channel.parent()),
                client(),
                services.policy().entry(client()).map(ClientEntry::name),
                asked,
                verdict,
                hint);
    }

    private Client client() {
        return new Client((InetSocketAddress) context().channel().remoteAddress());
    }

    private Optional<AskedTarget> asked() {
        return head.untouched() ? Optional.empty() : Optional.of(AskedTarget.of(head.asked()));
    }

    @Override
    boolean wantsMore() {
        return true;
    }

    @Override
    void onDeadline() {
        if (admission.isDraining() && head.untouched()) {
            context().close();
            return;
        }
        refuse(new Refused(Refusal.HEAD_TIMEOUT), asked(), Optional.empty());
    }

    /** A connection that asked for nothing, a load balancer's look perhaps, is not a decision. */
    @Override
    void onClientFinished() {
        if (head.untouched()) {
            context().close();
        } else if (head.end() instanceof HeadFault fault) {
            onFault(fault);
        }
    }

    /** Closed without a reset first: only {@link #onFailure} and our own close lead here, and both are dealt with. */
    @Override
    void onClosed() {}

    @Override
    void onFailure(Throwable cause) {
        if (cause instanceof IOException) {
            breakOff(Refusal.MALFORMED_REQUEST, Optional.of("The client broke off in the middle of the request head."));
        } else {
            TunnelLog.internalError(cause);
            refuse(new Refused(Refusal.INTERNAL_ERROR), asked(), Optional.empty());
        }
    }

    @Override
    void onDrain(Drain drain) {
        if (drain == Drain.END) {
            breakOff(Refusal.DRAINING, Optional.empty());
        } else if (head.untouched()) {
            // A request may be on its way, and is owed an answer; a connection that asks for nothing is not waited for.
            within(LAST_CHANCE);
        }
    }

    /** Ends what nobody can be answered any more; a request that was begun is recorded. */
    private void breakOff(Refusal refusal, Optional<String> hint) {
        if (!head.untouched()) {
            var unused = services.record(decision(new Refused(refusal), asked(), hint));
        }
        context().close();
    }
}
