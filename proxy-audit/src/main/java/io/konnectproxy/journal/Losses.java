package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord.Gap;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines that are missing, until the trail itself says so. Any thread. */
final class Losses {
    private long total;
    /** Of those below: what no line says yet. */
    private long unsaid;

    private @Nullable Instant from;
    private String reason = "";

    /** An outage began; it is worth saying even if nothing is lost in it. */
    synchronized void begin(Instant now, String why) {
        if (from == null) {
            from = now;
            reason = why;
        }
    }

    synchronized void add(Instant now, String why) {
        begin(now, why);
        total++;
        unsaid++;
    }

    /** What the trail should say now. */
    synchronized Optional<Gap> gap(Instant now, boolean served) {
        return from == null ? Optional.empty() : Optional.of(new Gap(now, unsaid, from, now, reason, served));
    }

    /** The trail has said it. What was lost in the meantime is another gap. */
    synchronized void said(Gap gap) {
        unsaid -= gap.lost();
        from = unsaid == 0 ? null : gap.until();
    }

    /** All since the start. */
    synchronized long total() {
        return total;
    }
}
