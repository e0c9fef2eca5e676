package io.konnectproxy.journal;

import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of the trail, all but a few by default. */
final class Audits {
    static final Rotation NEVER =
            new Rotation(Optional.empty(), false, false, Optional.empty(), Optional.empty(), Optional.empty());

    private Audits() {}

    static AuditSettings of(Optional<String> file, boolean stdout, OnFailure onFailure) {
        return new AuditSettings(
                file,
                stdout ? AuditSettings.Stdout.ON : AuditSettings.Stdout.OFF,
                onFailure,
                Durability.OS,
                NEVER,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Of a file that is rotated. */
    static AuditSettings rotating(Path file, Rotation rotation) {
        return new AuditSettings(
                Optional.of(file.toString()),
                AuditSettings.Stdout.OFF,
                OnFailure.REFUSE,
                Durability.OS,
                rotation,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Waits until the next line that is written finds out whether somebody has moved or removed a file. */
    static void awaitLook() throws InterruptedException {
        Thread.sleep(AuditFile.BETWEEN_LOOKS.toMillis() + 1);
    }
}
