package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Upstream;
import io.konnectproxy.audit.AuditRecord.Via;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.TunnelPermit;
import io.konnectproxy.policy.Verdict.Refused;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One permitted request from its decision to its end. Lives on the client channel's event loop and is touched by no other
 * thread. It knows what the last audit line will say, and says it exactly once.
 */
final class Tunnel {
    /** However little is left of the budget, an attempt gets this long. */
    private static final int LEAST_ATTEMPT_MILLIS = 200;

    private final TunnelServices services;
    private final Admission.Place place;
    private final String id;
    private final TunnelPermit permit;
    private final long begun = System.nanoTime();

    private Route route = Route.direct(List.of());
    private Runnable oneAttemptMore = () -> {};
    /** What is being dialled, or is connected. */
    private @Nullable Channel trying;

    private @Nullable Channel upstream;
    private @Nullable Upstream dialled;
    private Refused refused = new Refused(Refusal.CONNECT_FAILED);
    /** What the attempts that failed have told, in their order. */
    private final Set<String> hints = new LinkedHashSet<>();

    private @Nullable Duration dnsTime;
    private @Nullable Duration connectTime;
    private long dnsBegun;
    private long connectBegun;

    private AuditRecord.@Nullable Hello hello;
    private long bytesUp;
    private long bytesDown;
    private boolean decisionRecorded;
    private AuditRecord.@Nullable TunnelEnd last;

    Tunnel(TunnelServices services, Admission.Place place, String id, TunnelPermit permit) {
        this.services = services;
        this.place = place;
        this.id = id;
        this.permit = permit;
    }

    TunnelServices services() {
        return services;
    }

    /** What it takes of the limits. */
    Admission.Place place() {
        return place;
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

    void resolved() {
        dnsTime = since(dnsBegun);
    }

    /** What is to be tried from now on. */
    void connecting(Route ways) {
        connectBegun = System.nanoTime();
        route = ways;
    }

    /** LittleProxy tries once for each time that it was told to; how often that must be turns out attempt by attempt. */
    void onAttemptMore(Runnable told) {
        oneAttemptMore = told;
    }

    /** What to try next. */
    PermittedAddress nextAddress() {
        return PermittedAddress.of(this, route.next());
    }

    /** How long a client waits at most, from its decision on, until it is told whether the tunnel came about. */
    Duration patience() {
        return services.timeouts().connect().plusMillis(LEAST_ATTEMPT_MILLIS);
    }

    /** How long the attempt that now begins may take: an equal share of what is left of the whole time. */
    int attemptMillis() {
        long left = services.timeouts().connect().minus(since(begun)).toMillis();
        return (int) Math.max(LEAST_ATTEMPT_MILLIS, left / (route.left() + 1));
    }

    /** An attempt begins. What was dialled before is not what this one comes to. */
    void trying(Channel channel) {
        trying = channel;
        dialled = null;
    }

    /** So many more attempts may share what is left of the time. */
    void elsewhere(int addresses) {
        route.elsewhere(addresses);
    }

    /** Whether LittleProxy has got as far as to a socket. */
    boolean hasTried() {
        return trying != null;
    }

    void dialled(InetSocketAddress address) {
        dialled = new Upstream(copy(address), Optional.empty());
    }

    void dialled(InetSocketAddress address, Attempt.Via attempt) {
        dialled = new Upstream(
                copy(address),
                Optional.of(new Via(attempt.parent().url().toString(), attempt.asked(), OptionalInt.empty())));
    }

    /** The one that is dialled may hold this tunnel, and what the trail gets may have to wait for the disk. */
    private static InetSocketAddress copy(InetSocketAddress address) {
        return new InetSocketAddress(address.getAddress(), address.getPort());
    }

    void connected(Channel channel) {
        connectTime = since(connectBegun);
        upstream = channel;
        if (ended()) {
            channel.close();
        }
    }

    void attemptFailed(DialFailure failure) {
        connectTime = since(connectBegun);
        refused = failure.refused();
        failure.hint().ifPresent(hints::add);
        if (failure instanceof DialFailure.Declined declined && dialled != null) {
            dialled = new Upstream(
                    dialled.address(),
                    dialled.via().map(via -> new Via(via.parent(), via.asked(), OptionalInt.of(declined.status()))));
        }
        route.failed(failure);
        if (route.left() > 0 && !ended()) {
            oneAttemptMore.run();
        }
    }

    /** Why the last attempt failed. */
    Refused dialFailure() {
        return refused;
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
                Optional.ofNullable(dialled),
                Optional.ofNullable(hello),
                bytesUp,
                bytesDown,
                Optional.ofNullable(dnsTime),
                Optional.ofNullable(connectTime),
                since(begun),
                hint.or(this::told));
        if (decisionRecorded) {
            var unused = services.record(last);
        }
        if (upstream != null) {
            upstream.close();
        } else if (trying != null) {
            // LittleProxy reacts to that at once; whoever ends this tunnel has to be through with it first.
            Channel attempt = trying;
            attempt.eventLoop().execute(attempt::close);
        }
    }

    /** What became of the ways that were tried in vain, also where another one was found. */
    private Optional<String> told() {
        return hints.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", hints));
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
