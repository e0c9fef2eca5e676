package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dns.NameResolver;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel needs of the rest of the house.
 *
 * @param refusals which of them have a line of their own in the trail
 * @param resolver for what is dialled
 * @param resolverForParents for what parent proxies are asked for; the same where {@code sourceAddress} makes no difference
 * @param sourceAddress where to dial from; empty for what the system chooses
 * @param standInPort dialled instead of 443 where the checked address is a loopback one; for the offline demonstration and
 *     tests, no configuration sets it
 */
public record TunnelServices(
        EgressPolicy policy,
        AuditTrail trail,
        RefusalSums refusals,
        NameResolver resolver,
        NameResolver resolverForParents,
        Parents parents,
        Optional<InetAddress> sourceAddress,
        Configuration.Timeouts timeouts,
        Configuration.Limits limits,
        Configuration.Resumption resumption,
        InstantSource clock,
        OptionalInt standInPort) {

    /** Records, and goes on at the given event loop: with {@code true} once the trail has the record, else {@code false}. */
    void record(AuditRecord record, EventLoop loop, Consumer<Boolean> then) {
        record(record).whenComplete((done, failure) -> {
            try {
                loop.execute(() -> then.accept(failure == null));
            } catch (RejectedExecutionException e) {
                // The loop has ended, so that nothing runs beside this; a last record may still have to follow.
                then.accept(failure == null);
            }
        });
    }

    /** Records. A trail that breaks is one that could not record. */
    CompletionStage<Void> record(AuditRecord record) {
        try {
            return trail.record(record);
        } catch (RuntimeException | Error e) {
            TunnelLog.internalError(e);
            return CompletableFuture.failedStage(e);
        }
    }

    /** Whether a ClientHello may not pass because it offers a session. */
    boolean refusesResumption(ClientHello hello) {
        return hello.resumes() && resumption == Configuration.Resumption.REFUSE;
    }

    /** Where to dial from, as sockets want it. */
    @Nullable
    SocketAddress source() {
        return sourceAddress.map(address -> new InetSocketAddress(address, 0)).orElse(null);
    }

    /** The port that a parent is asked for with a name. */
    int askedPort(int permitted) {
        return standInPort.orElse(permitted);
    }

    /** Where a checked address is really dialled. */
    InetSocketAddress dialled(InetSocketAddress checked) {
        return standInPort.isPresent() && checked.getAddress().isLoopbackAddress()
                ? new InetSocketAddress(checked.getAddress(), standInPort.getAsInt())
                : checked;
    }
}
