package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.Segments;
import io.konnectproxy.trail.TrailCheck;
import io.konnectproxy.trail.TrailFollower;
import io.konnectproxy.trail.VerifyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A trail whose files are begun, compressed and removed all the time, for those who read it meanwhile. */
class ReadWhileWrittenTest {
    private static final int LOOKS = 60;

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting();

    @TempDir
    private Path directory;

    @Test
    void is_whole_whenever_it_is_verified() throws Exception {
        Path trail = Files.createDirectory(directory.resolve("trail"));
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        AtomicBoolean enough = new AtomicBoolean();
        try (Journal journal = Journal.open(
                "proxy-1",
                RotatingProcess.settings(trail.resolve("audit.jsonl").toString(), key.toString(), Optional.empty()))) {
            journal.record(Records.configured(Occasion.START, Instant.now()))
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
                            new TrailCheck(List.of(), new TreeMap<>()).run(segments, (bytes, lines) -> {});
                    assertThat(result).as("look %d", look).isInstanceOf(VerifyResult.Intact.class);
                }
            }
            enough.set(true);
            writing.get();
        }
    }

    /** Files are begun faster than they are looked at, and the oldest are removed. */
    @Test
    void is_followed_line_by_line_and_what_was_removed_is_told() throws Exception {
        Path file = Files.createDirectory(directory.resolve("trail")).resolve("audit.jsonl");
        Path key = Files.writeString(
                directory.resolve("audit.pem"), SigningKey.generate().pem(Optional.empty()));
        List<Long> missed = new ArrayList<>();
        Set<Long> shown = new TreeSet<>();
        try (Journal journal =
                Journal.open("proxy-1", RotatingProcess.settings(file.toString(), key.toString(), Optional.empty()))) {
            journal.record(Records.permitted("first", Instant.now()))
                    .toCompletableFuture()
                    .get();
            try (TrailFollower follower = TrailFollower.open(
                    file, Integer.MAX_VALUE, line -> true, notice -> missed.addAll(numbers(notice)))) {
                for (int burst = 0; burst < 300; burst++) {
                    CompletableFuture<Void> last = new CompletableFuture<>();
                    for (int line = 0; line < burst; line++) {
                        last = journal.record(Records.permitted("more", Instant.now()))
                                .toCompletableFuture();
                    }
                    if (burst > 0) {
                        last.join();
                    }
                    for (Optional<String> line = follower.next(); line.isPresent(); line = follower.next()) {
                        long seq = Long.parseLong(line.get().replaceAll(".*\"seq\":(\\d+),.*", "$1"));
                        assertThat(shown.add(seq))
                                .as("line %d is shown once", seq)
                                .isTrue();
                    }
                }
            }
        }
        shown.addAll(missed);
        assertThat(shown).hasSizeGreaterThan(40_000);
        assertThat(List.copyOf(shown))
                .isEqualTo(LongStream.rangeClosed(1, shown.size()).boxed().toList());
    }

    /** Of lines that were removed. */
    private static List<Long> numbers(String notice) {
        Matcher lines = Pattern.compile("Lines? (\\d+)(?: to (\\d+))? of the audit trail w.*")
                .matcher(notice);
        assertThat(lines.matches()).as(notice).isTrue();
        long first = Long.parseLong(lines.group(1));
        return LongStream.rangeClosed(first, lines.group(2) == null ? first : Long.parseLong(lines.group(2)))
                .boxed()
                .toList();
    }
}
