package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.policy.EgressPolicy;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dns.NameResolver;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What a tunnel needs of the rest of the house.
 *
 * @param standInPort dialled instead of 443 where the checked address is a loopback one; for the offline demonstration and
 *     tests, no configuration sets it
 */
public record TunnelServices(
        EgressPolicy policy,
        AuditTrail trail,
        NameResolver resolver,
        Configuration.Timeouts timeouts,
        Configuration.Limits limits,
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

    /** Where a checked address is really dialled. */
    InetSocketAddress dialled(InetSocketAddress checked) {
        return standInPort.isPresent() && checked.getAddress().isLoopbackAddress()
                ? new InetSocketAddress(checked.getAddress(), standInPort.getAsInt())
                : checked;
    }
}
