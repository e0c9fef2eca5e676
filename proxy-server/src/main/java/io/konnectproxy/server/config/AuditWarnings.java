package io.konnectproxy.server.config;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.trail.LineForm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Warnings about the audit trail: mirrors without encryption, and retention that a flood of refusals can exhaust. */
final class AuditWarnings {
    /** Upper bound of the bytes of refusal lines that all clients together can cause in a day. */
    static final long MOST_A_DAY = Duration.ofDays(1).toMinutes() * RefusalSums.LINES_WITH_SUMS * LineForm.MAX_REFUSALS;

    private AuditWarnings() {}

    static void add(AuditSettings audit, List<String> warnings) {
        audit.mirrors().stream()
                .map(MirrorTarget::url)
                .filter(url -> !url.protocol().isEncrypted() && !UrlHost.isOnThisMachine(url.host()))
                .forEach(url -> warnings.add("audit lines go to " + url
                        + " for anyone on the way to read and to change;" + " take " + url.encrypted() + " for TLS"));
        kept(audit.rotate())
                .filter(kept -> audit.file().isPresent() && kept < MOST_A_DAY)
                .ifPresent(kept -> warnings.add("clients that are refused can push earlier lines out of the audit trail"
                        + " within a day: " + Values.sizeText(kept)
                        + " of finished files are kept, and refusals can take up"
                        + " to " + Values.sizeText(roundedUp(MOST_A_DAY)) + " a day; keep more with audit.rotate"));
    }

    /** Bytes of finished files that are kept; empty if unlimited. */
    private static Optional<Long> kept(Rotation rotate) {
        Optional<Long> files = rotate.keep().flatMap(keep -> rotate.size().map(size -> keep * size));
        return Stream.of(files, rotate.keepSize()).flatMap(Optional::stream).min(Long::compare);
    }

    /** Rounds up to whole GiB. */
    private static long roundedUp(long bytes) {
        return (bytes + (1L << 30) - 1) >> 30 << 30;
    }
}
