package io.konnectproxy.server.tunnel;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.journal.Clocks;
import io.konnectproxy.server.config.Configuration;
import io.konnectproxy.server.dataplane.DataPlanes;
import io.konnectproxy.wire.HelloReading.ClientHello;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The services that every phase of a connection uses. */
public record TunnelServices(
        AuditTrail trail,
        TunnelObserver observer,
        DataPlanes dataPlanes,
        Configuration.Timeouts timeouts,
        Configuration.Resumption resumption,
        Clocks clocks) {

    /**
     * Records, and continues on the given event loop: with {@code true} once the trail has the record, otherwise with
     * {@code false}.
     */
    public void record(AuditRecord record, EventLoop loop, Consumer<Boolean> then) {
        record(record).whenComplete((done, failure) -> {
            try {
                loop.execute(() -> then.accept(failure == null));
            } catch (RejectedExecutionException e) {
                // The loop has ended, so nothing runs concurrently; a last record may still have to follow.
                then.accept(failure == null);
            }
        });
    }

    /** The time of a line that is recorded now. */
    public Instant now() {
        return clocks.clock().instant();
    }

    /** Nanoseconds from any origin, for durations that lines show. */
    long nanoTime() {
        return clocks.nanos().getAsLong();
    }

    /** Records. An exception of the trail counts as a failure to record. */
    public CompletionStage<Void> record(AuditRecord record) {
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
}
