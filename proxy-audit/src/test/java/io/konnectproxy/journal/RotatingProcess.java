package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Signing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A journal in a process of its own that begins, compresses, removes and signs files as fast as it can, until it is killed. */
final class RotatingProcess {
    private RotatingProcess() {}

    static AuditSettings settings(String file, String key) {
        return new AuditSettings(
                Optional.of(file),
                AuditSettings.Stdout.OFF,
                OnFailure.REFUSE,
                Durability.OS,
                new Rotation(Optional.of(4_000L), false, true, Optional.of(8), Optional.empty(), Optional.empty()),
                Optional.of(new Signing(key, Optional.empty(), Optional.empty(), 5, Duration.ofMinutes(1))),
                List.of(),
                Optional.empty());
    }

    /** Arguments: the file, and that of the key. */
    public static void main(String[] arguments) throws Exception {
        try (Journal journal = Journal.open("proxy-1", settings(arguments[0], arguments[1]))) {
            journal.record(Records.configured(Occasion.START, Instant.now()))
                    .toCompletableFuture()
                    .get();
            System.out.println("it writes");
            for (long i = 0; ; i++) {
                CompletableFuture<Void> written = journal.record(Records.permitted("id-" + i, Instant.now()))
                        .toCompletableFuture();
                written.get();
            }
        }
    }
}
