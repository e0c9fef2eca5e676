package io.konnectproxy.journal;

import io.konnectproxy.archive.BucketUrl;
import io.konnectproxy.archive.S3Settings;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.journal.AuditSettings.Archive;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Signing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A journal in a process of its own that begins, compresses, removes and signs files as fast as it can, until it is killed. With an
 * archive it is slower, so that few files wait by the time at which the client of the store is there.
 */
final class RotatingProcess {
    private static final long PAUSE_WITH_ARCHIVE = TimeUnit.MILLISECONDS.toNanos(2);

    private RotatingProcess() {}

    /**
     * @param endpoint of the archive's store; empty for no archive
     */
    static AuditSettings settings(String file, String key, Optional<URI> endpoint) {
        return new AuditSettings(
                Optional.of(file),
                AuditSettings.Stdout.OFF,
                OnFailure.REFUSE,
                Durability.OS,
                new Rotation(Optional.of(4_000L), false, true, Optional.of(8), Optional.empty(), Optional.empty()),
                Optional.of(new Signing(key, Optional.empty(), Optional.empty(), 5, Duration.ofMinutes(1))),
                List.of(),
                endpoint.map(store -> new Archive(
                        BucketUrl.parse("s3://trails"),
                        new S3Settings(Optional.of(store), Optional.empty(), Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        true,
                        true)));
    }

    /** Arguments: the file, that of the key, and the address of the archive's store where there is one. */
    public static void main(String[] arguments) throws Exception {
        Optional<URI> store = arguments.length > 2 ? Optional.of(URI.create(arguments[2])) : Optional.empty();
        try (Journal journal = Journal.open("proxy-1", settings(arguments[0], arguments[1], store))) {
            journal.record(Records.configured(Occasion.START, Instant.now()))
                    .toCompletableFuture()
                    .get();
            System.out.println("it writes");
            for (long i = 0; ; i++) {
                CompletableFuture<Void> written = journal.record(Records.permitted("id-" + i, Instant.now()))
                        .toCompletableFuture();
                written.get();
                if (store.isPresent()) {
                    LockSupport.parkNanos(PAUSE_WITH_ARCHIVE);
                }
            }
        }
    }
}
