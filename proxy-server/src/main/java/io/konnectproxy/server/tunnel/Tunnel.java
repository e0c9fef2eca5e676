package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Upstream;
import io.konnectproxy.audit.AuditRecord.Via;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dataplane.DataPlanes;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Collects the facts of one permitted request for its last audit line. It writes that line at most once, and only where
 * the decision was recorded. Used only on the client channel's event loop.
 */
public final class Tunnel {
    /** A plain write is enough, because whoever reads while it changes may as well have read a moment earlier. */
    private static final AtomicLongFieldUpdater<Tunnel> UP = AtomicLongFieldUpdater.newUpdater(Tunnel.class, "bytesUp");

    private static final AtomicLongFieldUpdater<Tunnel> DOWN =
            AtomicLongFieldUpdater.newUpdater(Tunnel.class, "bytesDown");

    private final TunnelServices services;
    private final String id;
    private final AuditRecord.Requester requester;
    private final TunnelPermit permit;
    private final long begun = System.nanoTime();

    private @Nullable Upstream dialled;
    private @Nullable String dialHint;
    private @Nullable Duration dnsTime;
    private @Nullable Duration connectTime;
    private AuditRecord.@Nullable Hello hello;
    private AuditRecord.Handshake handshake = AuditRecord.Handshake.UNFINISHED;
    /** Written on the event loop; other threads may read them while the tunnel is open. */
    private volatile long bytesUp;

    private volatile long bytesDown;
    private @Nullable Runnable whenEnded;
    private DataPlanes.@Nullable Followed followed;
    private boolean decisionRecorded;
    private AuditRecord.@Nullable TunnelEnd last;

    public Tunnel(TunnelServices services, String id, AuditRecord.Requester requester, TunnelPermit permit) {
        this.services = services;
        this.id = id;
        this.requester = requester;
        this.permit = permit;
    }

    public String id() {
        return id;
    }

    public TunnelPermit permit() {
        return permit;
    }

    public Client client() {
        return requester.client();
    }

    /** The local address of the client's connection, {@code host:port}. */
    public String listener() {
        return requester.listener();
    }

    /** The time since it was permitted. Any thread. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** The upstream that was reached. Any thread that the observer has told that the tunnel is open: it does not change then. */
    public Optional<Upstream> upstream() {
        return Optional.ofNullable(dialled);
    }

    /** What its ClientHello contained; empty while none was read. */
    public Optional<AuditRecord.Hello> hello() {
        return Optional.ofNullable(hello);
    }

    /** Konnect's address that was dialled; empty where none was yet, and where a parent was. */
    public Optional<InetAddress> address() {
        return Optional.ofNullable(dialled)
                .filter(upstream -> upstream.via().isEmpty())
                .map(upstream -> upstream.address().getAddress());
    }

    public void resolved(Duration time) {
        dnsTime = time;
    }

    /** The upstream that is being dialled or was reached; null while the next attempt has no address yet. */
    public void dialled(@Nullable Upstream upstream) {
        dialled = upstream;
    }

    /** The parent that was dialled answered with this status instead of opening a tunnel. */
    public void declined(int status) {
        if (dialled != null) {
            dialled = new Upstream(
                    dialled.address(),
                    dialled.via().map(via -> new Via(via.parent(), via.asked(), OptionalInt.of(status))));
        }
    }

    /** Explains the attempts that failed, also where a later one succeeded. */
    public void dialHint(String sentences) {
        dialHint = sentences;
    }

    /** The time of all attempts together. */
    public void connected(Duration time) {
        connectTime = time;
    }

    void hello(AuditRecord.Hello seen) {
        hello = seen;
    }

    void handshake(AuditRecord.Handshake seen) {
        handshake = seen;
    }

    /** The bytes that were carried so far. */
    void carried(long up, long down) {
        UP.lazySet(this, up);
        DOWN.lazySet(this, down);
    }

    /** Bytes from client to Konnect so far. Any thread. */
    public long bytesUp() {
        return bytesUp;
    }

    /** Bytes from Konnect to client so far. Any thread. */
    public long bytesDown() {
        return bytesDown;
    }

    /** The client was told that the tunnel is open. One that has ended already is not open any more. */
    public void established() {
        if (!ended()) {
            tellDialled();
            whenEnded = services.observer().opened(this);
        }
    }

    /** The ClientHello may pass, so from now on the client is connected. */
    void relaying() {
        followed = services.dataPlanes().established(client(), permit);
    }

    /** Whether the client was told so. */
    public boolean isOpen() {
        return whenEnded != null;
    }

    private void tellDialled() {
        services.observer().dialled(Optional.ofNullable(dnsTime), Optional.ofNullable(connectTime));
    }

    public boolean ended() {
        return last != null;
    }

    /**
     * The decision is recorded, so the line of the tunnel's end must follow. Without a recorded decision there is no
     * such line.
     */
    public void decisionRecorded() {
        decisionRecorded = true;
        if (last != null) {
            var unused = services.record(last);
        }
    }

    /** Writes the line of the tunnel's end. Only the first call has an effect. */
    public void end(Outcome outcome, Optional<String> hint) {
        if (ended()) {
            return;
        }
        last = new AuditRecord.TunnelEnd(
                services.clock().instant(),
                id,
                requester,
                permit.authority().toString(),
                permit.rule(),
                outcome,
                Optional.ofNullable(dialled),
                Optional.ofNullable(hello),
                handshake,
                bytesUp,
                bytesDown,
                Optional.ofNullable(dnsTime),
                Optional.ofNullable(connectTime),
                Duration.ofNanos(System.nanoTime() - begun),
                hint.or(() -> Optional.ofNullable(dialHint)));
        if (followed != null) {
            followed.ended();
        }
        if (outcome instanceof Outcome.Failed failed) {
            services.dataPlanes()
                    .refused(client(), Optional.of(permit.authority().host()), failed.refusal(), last.hint());
        }
        if (whenEnded == null) {
            tellDialled();
        } else {
            whenEnded.run();
        }
        if (decisionRecorded) {
            var unused = services.record(last);
        }
    }
}
