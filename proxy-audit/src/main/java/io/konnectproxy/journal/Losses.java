package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord.Gap;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts lost lines until the trail itself has a line about them. Thread-safe. */
final class Losses {
    private long total;
    /** The lost lines that no line of the trail reports yet. */
    private long unsaid;

    private @Nullable Instant from;
    private String reason = "";

    /** An outage began. It is reported even if no line is lost in it. */
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

    /** The gap to be reported now. */
    synchronized Optional<Gap> gap(Instant now, boolean served) {
        return from == null ? Optional.empty() : Optional.of(new Gap(now, unsaid, from, now, reason, served));
    }

    /** The gap has been reported. Lines lost in the meantime belong to the next gap. */
    synchronized void said(Gap gap) {
        unsaid -= gap.lost();
        from = unsaid == 0 ? null : gap.until();
    }

    /** All lost lines since the start. */
    synchronized long total() {
        return total;
    }
}
