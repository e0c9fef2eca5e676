package io.konnectproxy.server.metrics;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.audit.AuditRecord.TunnelEnd;
import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.policy.Verdict.Unenforced;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what is recorded, once it is recorded and before whoever recorded it goes on: a permission that could not be
 * recorded is none. So the counters say what the trail says. Thread-safe.
 */
final class CountingTrail implements AuditTrail {
    private final AuditTrail trail;
    private final Instruments instruments;
    private final Consumer<AuditRecord> recorded;
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    /** @param recorded is given decisions and sums of refusals, once they count; it must neither block nor throw */
    CountingTrail(AuditTrail trail, Instruments instruments, Consumer<AuditRecord> recorded) {
        this.trail = trail;
        this.instruments = instruments;
        this.recorded = recorded;
        // Present from the start with 0: of a series that appears with its first refusal, Prometheus sees no increase.
        Arrays.stream(Refusal.values())
                .forEach(refusal -> refused.put(refusal, instruments.decisions.of("refused", refusal.token(), "", "")));
    }

    @Override
    public CompletionStage<Void> record(AuditRecord record) {
        CompletionStage<Void> written = trail.record(record);
        if (record instanceof Decision decision) {
            return written.thenRun(() -> {
                count(decision.verdict());
                recorded.accept(decision);
            });
        } else if (record instanceof TunnelEnd end) {
            return written.thenRun(() -> count(end));
        } else if (record instanceof Refusals sum) {
            return written.thenRun(() -> {
                count(sum);
                recorded.accept(sum);
            });
        }
        return written;
    }

    private void count(Verdict verdict) {
        if (verdict instanceof Permitted permitted) {
            PlaceLabels place = PlaceLabels.of(permitted.permit().rule());
            instruments
                    .decisions
                    .of("permitted", permitted.permit().rule().reason(), place.purpose(), place.region())
                    .increment();
        } else if (verdict instanceof Unenforced unenforced) {
            refused(unenforced.refused().refusal()).increment();
        } else {
            refused(((Refused) verdict).refusal()).increment();
        }
    }

    private LongAdder refused(Refusal refusal) {
        return Objects.requireNonNull(refused.get(refusal));
    }

    private void count(TunnelEnd end) {
        instruments.tunnels.of(end.outcome().token()).increment();
        instruments.tunnel.observe(end.duration());
    }

    private void count(Refusals sum) {
        sum.reasons().forEach((refusal, count) -> refused(refusal).add(count));
        instruments.summedRefusals.add(sum.count());
    }
}
