package io.konnectproxy.server.live;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Decision;
import io.konnectproxy.audit.AuditRecord.Refusals;
import io.konnectproxy.policy.Verdict.Unenforced;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last {@value #KEPT} decisions that were recorded. Whoever records pays for one small object and one store; it is there whether or
 * not somebody watches. Each has at most 1,300 characters of its client's, so all have less than 512 KiB. Thread-safe; nobody waits.
 */
public final class RecentDecisions implements Consumer<AuditRecord> {
    static final int KEPT = 128;

    private final AtomicReferenceArray<@Nullable RecentDecision> ring = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong summedUp = new AtomicLong();
    private final LongAdder unenforced = new LongAdder();

    /**
     * How far somebody has read.
     *
     * @param decisions the number of decisions until then
     * @param summedUp the number of refusals until then that the trail only sums up
     */
    public record Position(long decisions, long summedUp) {
        /** Nothing was read yet. */
        public static final Position NONE = new Position(-1, 0);
    }

    /** Takes what was recorded; other records than decisions and sums of refusals are ignored. */
    @Override
    public void accept(AuditRecord record) {
        if (record instanceof Decision decision) {
            long number = next.getAndIncrement();
            ring.lazySet((int) (number % KEPT), RecentDecision.of(number, decision));
            if (decision.verdict() instanceof Unenforced) {
                unenforced.increment();
            }
        } else if (record instanceof Refusals sum) {
            summedUp.addAndGet(sum.count());
        }
    }

    /** Refusals that were not enforced so far. */
    long unenforced() {
        return unenforced.sum();
    }

    Position now() {
        return new Position(next.get(), summedUp.get());
    }

    /** What was recorded between two positions, at most so many of the newest. */
    DecisionsEvent between(Position from, Position to, int most) {
        List<DecisionsEvent.Shown> shown = new ArrayList<>();
        long first = Math.max(from.decisions(), to.decisions() - Math.min(most, KEPT));
        for (long number = Math.max(0, first); number < to.decisions(); number++) {
            RecentDecision kept = ring.get((int) (number % KEPT));
            // One that is being put there, or was already replaced.
            if (kept != null && kept.number() == number) {
                shown.add(kept.shown());
            }
        }
        long since = from.equals(Position.NONE)
                ? shown.size()
                : to.decisions() - from.decisions() + to.summedUp() - from.summedUp();
        return new DecisionsEvent(since - shown.size(), shown);
    }
}
