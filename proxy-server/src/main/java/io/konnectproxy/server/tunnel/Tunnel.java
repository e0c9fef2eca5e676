package io.konnectproxy.server.tunnel;

import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.server.dns.Resolution;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One permitted request from its decision to its end. Lives on the client channel's event loop and is touched by no other
 * thread. It knows what the last audit line will say, and says it exactly once.
 */
final class Tunnel {
    /** However little is left of the budget, an attempt gets this long. */
    private static final int LEAST_ATTEMPT_MILLIS = 200;

    private final TunnelServices services;
    private final Backlog backlog;
    private final String id;
    private final TunnelPermit permit;
    private final long begun = System.nanoTime();

    private final Deque<CheckedAddress> addresses = new ArrayDeque<>();
    private @Nullable Channel upstream;
    private @Nullable InetSocketAddress dialled;
    private Refusal dialFailure = Refusal.CONNECT_FAILED;
    private @Nullable Duration dnsTime;
    private @Nullable Duration connectTime;
    private long dnsBegun;
    private long connectBegun;

    private AuditRecord.@Nullable Hello hello;
    private long bytesUp;
    private long bytesDown;
    private boolean decisionRecorded;
    private AuditRecord.@Nullable TunnelEnd last;

    Tunnel(TunnelServices services, Backlog backlog, String id, TunnelPermit permit) {
        this.services = services;
        this.backlog = backlog;
        this.id = id;
        this.permit = permit;
    }

    TunnelServices services() {
        return services;
    }

    Backlog backlog() {
        return backlog;
    }

    String id() {
        return id;
    }

    TunnelPermit permit() {
        return permit;
    }

    void resolving() {
        dnsBegun = System.nanoTime();
    }

    void resolved(Resolution resolution) {
        dnsTime = since(dnsBegun);
        connectBegun = System.nanoTime();
        if (resolution instanceof Resolution.Resolved found) {
            addresses.addAll(found.addresses());
        }
    }

    int addressesLeft() {
        return addresses.size();
    }

    /** The next address to dial. LittleProxy asks as often as it was told that there are addresses. */
    PermittedAddress nextAddress() {
        return new PermittedAddress(this, addresses.remove());
    }

    /** How long a client waits at most, from its decision on, until it is told whether the tunnel came about. */
    Duration patience() {
        return services.timeouts().connect().plusMillis(LEAST_ATTEMPT_MILLIS);
    }

    /** How long the attempt that now begins may take: an equal share of what is left of the whole time. */
    int attemptMillis() {
        long left = services.timeouts().connect().minus(since(begun)).toMillis();
        return (int) Math.max(LEAST_ATTEMPT_MILLIS, left / (addresses.size() + 1));
    }

    void dialled(InetSocketAddress address) {
        // A copy: the one that is dialled holds this tunnel, and what the trail gets may have to wait for the disk.
        dialled = new InetSocketAddress(address.getAddress(), address.getPort());
    }

    boolean hasDialled() {
        return dialled != null;
    }

    void connected(Channel channel) {
        connectTime = since(connectBegun);
        upstream = channel;
        if (ended()) {
            channel.close();
        }
    }

    void attemptFailed(Throwable cause) {
        connectTime = since(connectBegun);
        dialFailure = failure(cause);
    }

    /** A time-out and an unreachable network are ConnectExceptions too; only the system's words tell a refusal. */
    private static Refusal failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return Refusal.CONNECT_TIMEOUT;
        }
        String message = cause.getMessage();
        return cause instanceof ConnectException && message != null && message.contains("refused")
                ? Refusal.CONNECT_REFUSED
                : Refusal.CONNECT_FAILED;
    }

    /** Why the last attempt failed. */
    Refusal dialFailure() {
        return dialFailure;
    }

    /** The upstream's channel, once it is connected. */
    @Nullable
    Channel upstream() {
        return upstream;
    }

    void hello(AuditRecord.Hello seen) {
        hello = seen;
    }

    void carried(long up, long down) {
        bytesUp = up;
        bytesDown = down;
    }

    boolean ended() {
        return last != null;
    }

    /** The trail has the decision, so the line of the tunnel's end is owed; where it never gets it, there is no such line. */
    void decisionRecorded() {
        decisionRecorded = true;
        if (last != null) {
            var unused = services.record(last);
        }
    }

    /** Writes the tunnel's one line. What comes after the first call is without effect. */
    void end(Outcome outcome, Optional<String> hint) {
        if (ended()) {
            return;
        }
        last = new AuditRecord.TunnelEnd(
                services.clock().instant(),
                id,
                permit.authority().toString(),
                outcome,
                Optional.ofNullable(dialled).map(address -> new AuditRecord.Upstream(address, Optional.empty())),
                Optional.ofNullable(hello),
                bytesUp,
                bytesDown,
                Optional.ofNullable(dnsTime),
                Optional.ofNullable(connectTime),
                since(begun),
                hint);
        if (decisionRecorded) {
            var unused = services.record(last);
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
