package io.konnectproxy.server.config;

import io.konnectproxy.audit.RefusalSums;
import io.konnectproxy.journal.AuditSettings;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.trail.LineForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Warnings about the audit trail: a file that keeps nothing, mirrors without encryption, retention that a flood of refusals can
 * exhaust, and what an archive does not prove. */
final class AuditWarnings {
    /** Upper bound of the bytes of refusal lines that all clients together can cause in a day. */
    static final long MOST_A_DAY = Duration.ofDays(1).toMinutes() * RefusalSums.LINES_WITH_SUMS * LineForm.MAX_REFUSALS;

    private AuditWarnings() {}

    static void add(AuditSettings audit, List<String> warnings) {
        audit.file()
                .filter(AuditWarnings::keepsNothing)
                .ifPresent(file -> warnings.add("the audit trail goes to " + file
                        + ", which keeps no line, so nothing can be verified later; name a file with audit.file"));
        audit.mirrors().stream()
                .map(MirrorTarget::url)
                .filter(url -> !url.protocol().isEncrypted() && !UrlHost.isOnThisMachine(url.host()))
                .forEach(url -> warnings.add("audit lines go to " + url
                        + " for anyone on the way to read and to change;" + " take " + url.encrypted() + " for TLS"));
        audit.archive().ifPresent(archive -> add(archive, audit, warnings));
        kept(audit.rotate())
                .filter(kept -> audit.file().isPresent() && kept < MOST_A_DAY)
                .ifPresent(kept -> warnings.add("clients that are refused can push earlier lines out of the audit trail"
                        + " within a day: " + Values.sizeText(kept)
                        + " of finished files are kept, and refusals can take up"
                        + " to " + Values.sizeText(roundedUp(MOST_A_DAY)) + " a day; keep more with audit.rotate"));
    }

    private static boolean keepsNothing(String file) {
        try {
            return Files.isSameFile(Path.of(file), Path.of("/dev/null"));
        } catch (IOException e) {
            return false;
        }
    }

    private static void add(Archive archive, AuditSettings audit, List<String> warnings) {
        archive.store()
                .endpoint()
                .filter(endpoint -> endpoint.getScheme().equals("http")
                        && !UrlHost.isOnThisMachine(UrlHost.parse(endpoint.getHost())))
                .ifPresent(endpoint -> warnings.add("the archive's files go to " + endpoint
                        + " for anyone on the way to read; take https for TLS"));
        if (audit.sign().isEmpty()) {
            warnings.add(
                    "nothing is signed, so the archive does not show that a trail's end is missing; set audit.sign.key");
        }
        if (archive.retainFor().isEmpty()) {
            warnings.add(
                    "whoever has the right to remove objects can remove the archive's; set audit.archive.retain-for, in a"
                            + " bucket with Object Lock");
        }
        if (!audit.rotate().daily()) {
            warnings.add(
                    "a file is archived once it is finished, which takes a quiet proxy weeks; until then its lines are only"
                            + " on this machine; set audit.rotate.daily");
        }
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
