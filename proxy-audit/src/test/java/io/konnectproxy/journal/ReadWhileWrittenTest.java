package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.VerifyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A trail whose files are begun, compressed and removed all the time, for those who read it meanwhile. */
class ReadWhileWrittenTest {
    private static final int LOOKS = 60;

    /** At the end of the journal, files may be just being compressed. */
    @RegisterExtension
    private final LogCapture log =
            LogCapture.of("io.konnectproxy.journal").expecting("The finished files of the audit trail in ");

    @TempDir
    private Path directory;

    @Test
    void is_whole_whenever_it_is_verified() throws Exception {
        Path trail = Files.createDirectory(directory.resolve("trail"));
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        AtomicBoolean enough = new AtomicBoolean();
        try (Journal journal = Journal.open(
                RotatingProcess.settings(trail.resolve("audit.jsonl").toString(), key.toString()))) {
            journal.record(Records.permitted("first", Instant.now()))
                    .toCompletableFuture()
                    .get();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    journal.record(Records.permitted("more", Instant.now()))
                            .toCompletableFuture()
                            .join();
                }
            });
            for (int look = 0; look < LOOKS; look++) {
                try (Segments segments = Segments.of(List.of(trail))) {
                    VerifyResult result =
                            new TrailCheck(List.of(), new TreeMap<>(), (bytes, lines) -> {}).run(segments);
                    assertThat(result).as("look %d", look).isInstanceOf(VerifyResult.Intact.class);
                }
            }
            enough.set(true);
            writing.get();
        }
    }
}
