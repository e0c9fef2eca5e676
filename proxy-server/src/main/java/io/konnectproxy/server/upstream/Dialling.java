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
 * The dialling of one tunnel's upstream: the ways that are left, the time that each attempt may take, and what came of those
 * that failed. It tells the tunnel what the audit line has to say. On the tunnel's event loop.
 */
final class Dialling {
    /** However little is left of the budget, an attempt gets this long. */
    private static final int LEAST_ATTEMPT_MILLIS = 200;
    /** Where there is another address to dial, one gets no more: long before, whoever is there has answered. */
    private static final int MAX_DIRECT_MILLIS = 1000;

    private final Tunnel tunnel;
    private final Egress egress;
    private final ProxyChain chain;
    private final Duration budget;
    private final long begun;
    private long connectBegun;

    private Route route = Route.direct(List.of());
    private Runnable oneAttemptMore = () -> {};
    /** What is being dialled, or is connected. */
    private @Nullable Channel trying;

    /** Where that is, once it is known. */
    private @Nullable InetSocketAddress address;

    private @Nullable Channel upstream;
    private Refused refused = new Refused(Refusal.CONNECT_FAILED);
    /** What the attempts that failed have told, in their order. */
    private final Set<String> hints = new LinkedHashSet<>();

    /**
     * @param chain through which proxies of this kind the client's request came
     * @param begun since when the client waits for an answer, on the clock of {@link System#nanoTime}
     * @param budget for all attempts together
     */
    Dialling(Tunnel tunnel, Egress egress, ProxyChain chain, long begun, Duration budget) {
        this.tunnel = tunnel;
        this.egress = egress;
        this.chain = chain;
        this.begun = begun;
        this.budget = budget;
    }

    /** How long a client waits at most, from now on, until it is told whether the tunnel came about. */
    Duration patience() {
        Duration least = Duration.ofMillis(LEAST_ATTEMPT_MILLIS);
        Duration left = budget.minus(since(begun));
        return left.isNegative() ? least : left.plus(least);
    }

    /** How long the attempt that now begins may take: an equal share of what is left of the whole time. */
    int attemptMillis() {
        long left = budget.minus(since(begun)).toMillis();
        return (int) Math.max(LEAST_ATTEMPT_MILLIS, left / (route.left() + 1));
    }

    /** The same for an attempt that only connects. */
    int directMillis() {
        return route.left() > 0 ? Math.min(attemptMillis(), MAX_DIRECT_MILLIS) : attemptMillis();
    }

    /** The same addresses, those that could not be reached lately behind the others. */
    List<InetSocketAddress> deadLast(List<InetSocketAddress> addresses) {
        return egress.dead().last(addresses);
    }

    /** Where to dial from, as sockets want it. */
    @Nullable
    SocketAddress source() {
        return egress.source();
    }

    /** What a parent is told of the way to it. */
    String via() {
        return chain.via(egress.self());
    }

    /** What is to be tried from now on. */
    void begin(Route ways) {
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

    /** Nobody waits for what is dialled any more. */
    boolean over() {
        return tunnel.ended();
    }

    /** An attempt begins. What was dialled before is not what this one comes to. */
    void trying(Channel channel) {
        trying = channel;
        address = null;
        tunnel.dialled(null);
    }

    /** So many more attempts may share what is left of the time. */
    void elsewhere(int addresses) {
        route.elsewhere(addresses);
    }

    /** Whether LittleProxy has got as far as to a socket. */
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

    /** The one that is dialled may hold this dialling, and what the trail gets may have to wait for the disk. */
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
            // Where the client has left, nobody knows how long it would have taken.
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

    /** The tunnel has ended before it was open. */
    void end() {
        if (upstream != null) {
            upstream.close();
        } else if (trying != null) {
            // LittleProxy reacts to that at once; whoever ends the tunnel has to be through with it first.
            Channel attempt = trying;
            attempt.eventLoop().execute(attempt::close);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
