package io.konnectproxy.journal;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.journal.AuditSettings.Rotation;
import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.support.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Lines for those who read them. */
public final class EveryLine {
    private EveryLine() {}

    /** At least one of each kind that the proxy writes, without its line feed. */
    public static List<String> kinds() {
        return AuditLineSchemaTest.every_kind_of_record()
                .map(Records::bound)
                .map(String::strip)
                .toList();
    }

    /** A whole trail with all of them, each with its line feed. */
    public static String trail() {
        Batch batch = new Batch(Records.BEGIN);
        AuditLineSchemaTest.every_kind_of_record().forEach(record -> batch.add(new Journal.Waiting(record), record));
        return batch.lines().stream().map(line -> batch.text(line) + "\n").collect(Collectors.joining());
    }

    /** Records all of them as the proxy does: in files that are finished at a size, compressed and signed. */
    public static void record(Path file, Path key, Path password) throws Exception {
        Rotation rotation =
                new Rotation(Optional.of(40_000L), false, true, Optional.empty(), Optional.empty(), Optional.empty());
        Signing signing = new Signing(
                key.toString(), Optional.of(password.toString()), Optional.empty(), 50, Duration.ofHours(1));
        AuditSettings rotating = Audits.rotating(file, rotation);
        AuditSettings signed = new AuditSettings(
                rotating.file(),
                rotating.stdout(),
                rotating.onFailure(),
                rotating.durability(),
                rotating.rotate(),
                Optional.of(signing),
                rotating.mirrors(),
                Optional.empty());
        try (Journal journal = Journal.open("proxy-1", signed)) {
            for (AuditRecord record : AuditLineSchemaTest.every_kind_of_record().toList()) {
                journal.record(record).toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            Await.until("finished files are compressed", () -> uncompressed(file) == 0);
        }
    }

    private static int uncompressed(Path file) {
        return Objects.requireNonNull(
                        file.getParent().toFile().list((parent, name) -> name.matches(".*-[0-9]{12}\\.jsonl")))
                .length;
    }
}
