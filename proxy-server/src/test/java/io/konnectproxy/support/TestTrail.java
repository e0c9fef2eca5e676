package io.konnectproxy.support;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditTrail;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An audit trail that remembers, and answers each decision as the test says; all else it takes at once. */
public final class TestTrail implements AuditTrail {
    private final List<AuditRecord> handed = new CopyOnWriteArrayList<>();
    private final BlockingQueue<AuditRecord.TunnelEnd> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Void>> asked = new LinkedBlockingQueue<>();
    private long verdictsSeen;
    private final Function<AuditRecord.Decision, CompletableFuture<Void>> answer;

    private TestTrail(Function<AuditRecord.Decision, CompletableFuture<Void>> answer) {
        this.answer = answer;
    }

    /** Decisions wait until the test answers them. */
    public static TestTrail waiting() {
        return new TestTrail(decision -> new CompletableFuture<>());
    }

    public static TestTrail failing() {
        return new TestTrail(decision -> CompletableFuture.failedFuture(new IllegalStateException("disk full")));
    }

    public static TestTrail throwing() {
        return new TestTrail(decision -> {
            throw new IllegalStateException("broken");
        });
    }

    public static TestTrail taking() {
        return new TestTrail(decision -> CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletionStage<Void> record(AuditRecord record) {
        handed.add(record);
        if (record instanceof AuditRecord.Decision decision) {
            CompletableFuture<Void> stage = answer.apply(decision);
            asked.add(stage);
            return stage;
        }
        if (record instanceof AuditRecord.TunnelEnd end) {
            ends.add(end);
        }
        return CompletableFuture.completedFuture(null);
    }

    /** The next decision that was handed over, for the test to complete. */
    public CompletableFuture<Void> nextDecision() throws InterruptedException {
        CompletableFuture<Void> stage = asked.poll(10, TimeUnit.SECONDS);
        if (stage == null) {
            throw new AssertionError("no decision was recorded");
        }
        return stage;
    }

    public AuditRecord.TunnelEnd nextEnd() throws InterruptedException {
        AuditRecord.TunnelEnd end = ends.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no tunnel's end was recorded");
        }
        return end;
    }

    /** The next decision, which was recorded. */
    public AuditRecord.Decision nextVerdict() throws InterruptedException {
        nextDecision();
        return handed.stream()
                .filter(AuditRecord.Decision.class::isInstance)
                .map(AuditRecord.Decision.class::cast)
                .skip(verdictsSeen++)
                .findFirst()
                .orElseThrow();
    }

    public long decisions() {
        return handed.stream().filter(AuditRecord.Decision.class::isInstance).count();
    }

    public long tunnelEnds() {
        return handed.stream().filter(AuditRecord.TunnelEnd.class::isInstance).count();
    }
}
