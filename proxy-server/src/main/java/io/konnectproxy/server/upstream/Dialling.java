package io.konnectproxy.server.upstream;

import io.konnectproxy.audit.AuditRecord.Upstream;
import io.konnectproxy.audit.AuditRecord.Via;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.server.tunnel.Tunnel;
import io.konnectproxy.wire.ProxyChain;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to reach one tunnel's upstream: the remaining route, the time for each attempt, and the failures so far.
 * It reports to the tunnel what the audit line needs. Runs on the tunnel's event loop.
 */
final class Dialling {
    /** The shortest time for an attempt, however little is left of the budget. */
    private static final int LEAST_ATTEMPT_MILLIS = 200;
    /** The longest time for an address while there is another one to dial; a reachable address answers much earlier. */
    private static final int MAX_DIRECT_MILLIS = 1000;

    private final Tunnel tunnel;
    private final Egress egress;
    private final ProxyChain chain;
    private final Duration budget;
    private final long begun;
    private long connectBegun;

    private Route route = Route.direct(List.of());
    private Runnable oneAttemptMore = () -> {};
    /** The channel that is being connected, or is connected. */
    private @Nullable Channel trying;

    /** Its remote address, once it is known. */
    private @Nullable InetSocketAddress address;

    private @Nullable Channel upstream;
    private Refused refused = new Refused(Refusal.CONNECT_FAILED);
    /** The sentences about failed attempts, in their order. */
    private final Set<String> hints = new LinkedHashSet<>();

    /**
     * @param chain the proxies of this kind that the client's request has passed
     * @param begun when the client began to wait for the answer, on the clock of {@link System#nanoTime}
     * @param budget the time for all attempts together
     */
    Dialling(Tunnel tunnel, Egress egress, ProxyChain chain, long begun, Duration budget) {
        this.tunnel = tunnel;
        this.egress = egress;
        this.chain = chain;
        this.begun = begun;
        this.budget = budget;
    }

    /** The longest time from now until the client gets its answer. */
    Duration patience() {
        Duration least = Duration.ofMillis(LEAST_ATTEMPT_MILLIS);
        Duration left = budget.minus(since(begun));
        return left.isNegative() ? least : left.plus(least);
    }

    /** The time for the attempt that begins now: an equal share of what is left of the budget. */
    int attemptMillis() {
        long left = budget.minus(since(begun)).toMillis();
        return (int) Math.max(LEAST_ATTEMPT_MILLIS, left / (route.left() + 1));
    }

    /** The time for a direct attempt, which only connects. */
    int directMillis() {
        return route.left() > 0 ? Math.min(attemptMillis(), MAX_DIRECT_MILLIS) : attemptMillis();
    }

    /** The same addresses, with those that could not be reached recently after the others. */
    List<InetSocketAddress> deadLast(List<InetSocketAddress> addresses) {
        return egress.dead().last(addresses);
    }

    /** The local address to dial from; null for the system's choice. */
    @Nullable
    SocketAddress source() {
        return egress.source();
    }

    /** The value of the {@code Via} field for a parent. */
    String via() {
        return chain.via(egress.self());
    }

    /** Sets the route. */
    void begin(Route ways) {
        connectBegun = System.nanoTime();
        route = ways;
    }

    /**
     * LittleProxy makes one attempt for each time it is told to; how many are needed becomes known with each failure.
     */
    void onAttemptMore(Runnable told) {
        oneAttemptMore = told;
    }

    /** The next attempt. */
    PermittedAddress nextAddress() {
        return PermittedAddress.of(this, route.next());
    }

    /** Whether the tunnel has ended, so that no connection is needed any more. */
    boolean over() {
        return tunnel.ended();
    }

    /** An attempt begins; the address of the attempt before is forgotten. */
    void trying(Channel channel) {
        trying = channel;
        address = null;
        tunnel.dialled(null);
    }

    /** Adds so many attempts that share what is left of the budget. */
    void elsewhere(int addresses) {
        route.elsewhere(addresses);
    }

    /** Whether LittleProxy has got a socket. */
    boolean hasTried() {
        return trying != null;
    }

    void dialled(InetSocketAddress at) {
        address = copy(at);
        tunnel.dialled(new Upstream(address, Optional.empty()));
    }

    void dialled(InetSocketAddress at, Attempt.Via attempt) {
        address = copy(at);
        tunnel.dialled(new Upstream(
                address,
                Optional.of(new Via(attempt.parent().url().toString(), attempt.asked(), OptionalInt.empty()))));
    }

    /**
     * A copy, because a {@link PermittedAddress} keeps this object reachable and the audit record may wait for the
     * disk.
     */
    private static InetSocketAddress copy(InetSocketAddress address) {
        return new InetSocketAddress(address.getAddress(), address.getPort());
    }

    void connected(Channel channel) {
        tunnel.connected(since(connectBegun));
        upstream = channel;
        remember(true);
        if (over()) {
            channel.close();
        }
    }

    void attemptFailed(DialFailure failure) {
        tunnel.connected(since(connectBegun));
        refused = failure.refused();
        remember(failure instanceof DialFailure.Declined);
        failure.hint().ifPresent(this::hint);
        if (failure instanceof DialFailure.Declined declined) {
            tunnel.declined(declined.status());
        }
        route.failed(failure);
        if (route.left() > 0 && !over()) {
            oneAttemptMore.run();
        }
    }

    private void remember(boolean reached) {
        if (address != null && reached) {
            egress.dead().answered(address);
        } else if (address != null && !over()) {
            // If the client has left, the attempt was cut short and proves nothing about the address.
            egress.dead().failed(address);
        }
    }

    private void hint(String sentence) {
        hints.add(sentence);
        tunnel.dialHint(String.join(" ", hints));
    }

    /** Why the last attempt failed. */
    Refused failure() {
        return refused;
    }

    /** The upstream's channel, once it is connected. */
    @Nullable
    Channel upstream() {
        return upstream;
    }

    /** The tunnel has ended before it was open: closes what is connected or being connected. */
    void end() {
        if (upstream != null) {
            upstream.close();
        } else if (trying != null) {
            // LittleProxy reacts to the close at once, so it is deferred until the caller has finished.
            Channel attempt = trying;
            attempt.eventLoop().execute(attempt::close);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
