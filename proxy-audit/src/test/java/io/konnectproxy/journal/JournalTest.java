package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AuditTrail;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.support.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** On real files. */
class JournalTest {
    private static final Pattern SEQ_AND_ID = Pattern.compile("\"seq\":(\\d+),.*\"id\":\"(\\d+)-(\\d+)\"");

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private static Journal open(Path file) throws JournalException {
        return Journal.open("proxy-1", Audits.of(Optional.of(file.toString()), false, OnFailure.REFUSE));
    }

    private static void record(AuditTrail trail, String id) throws Exception {
        trail.record(Records.permitted(id, Instant.now())).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void the_line_is_in_the_file_when_the_stage_completes() throws Exception {
        try (Journal journal = open(file())) {
            List<CompletableFuture<String>> seen = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String id = "id-" + i;
                seen.add(journal.record(Records.permitted(id, Instant.now()))
                        .thenApply(written -> contains(id) ? "in the file" : id + " is missing")
                        .toCompletableFuture());
            }
            for (CompletableFuture<String> one : seen) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("in the file");
            }
        }
    }

    @Test
    void lines_and_the_time_of_their_writes_are_counted() throws Exception {
        try (Journal journal = open(file())) {
            List<Long> nanos = new CopyOnWriteArrayList<>();
            journal.onWrite(nanos::add);
            record(journal, "a");
            record(journal, "b");
            assertThat(journal.figures()).isEqualTo(new JournalFigures(2, 0, Map.of(), Optional.empty()));
            assertThat(nanos).hasSize(2).allMatch(time -> time > 0);
        }
    }

    private boolean contains(String id) {
        try {
            return Files.readString(file()).contains("\"" + id + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void eight_writers_at_once_lose_nothing_and_each_keeps_its_order() throws Exception {
        int writers = 8;
        int each = 10_000;
        try (Journal journal = open(file())) {
            CompletableFuture.allOf(IntStream.range(0, writers)
                            .mapToObj(writer -> CompletableFuture.runAsync(() -> write(journal, writer, each)))
                            .toArray(CompletableFuture[]::new))
                    .get(60, TimeUnit.SECONDS);
        }
        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(writers * each);
        int[] next = new int[writers];
        long[] seqs = new long[lines.size()];
        for (int i = 0; i < seqs.length; i++) {
            Matcher matcher = SEQ_AND_ID.matcher(lines.get(i));
            assertThat(matcher.find()).isTrue();
            seqs[i] = Long.parseLong(matcher.group(1));
            int writer = Integer.parseInt(matcher.group(2));
            assertThat(Integer.parseInt(matcher.group(3))).isEqualTo(next[writer]++);
        }
        assertThat(seqs).isEqualTo(LongStream.rangeClosed(1, seqs.length).toArray());
    }

    /** Waits for every thousandth record, as callers do for each of theirs. */
    private static void write(Journal journal, int writer, int count) {
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> written =
                    journal.record(Records.permitted(writer + "-" + i)).toCompletableFuture();
            if (i % 1000 == 999) {
                written.join();
            }
        }
    }

    @Test
    void closing_writes_all_that_waits() throws Exception {
        Journal journal = open(file());
        for (int i = 0; i < 20_000; i++) {
            journal.record(Records.permitted("x"));
        }
        journal.close();
        assertThat(Files.readAllLines(file())).hasSize(20_000);
        assertThat(journal.lost()).isZero();
    }

    @Test
    void a_closed_journal_takes_nothing_and_says_so() throws Exception {
        Journal journal = open(file());
        journal.close();
        assertThat(journal.available()).isFalse();
        assertThatThrownBy(() -> record(journal, "late"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AuditUnavailableException.class);
        assertThat(file()).isEmptyFile();
    }

    @Test
    void closing_while_others_record_leaves_nobody_waiting() throws Exception {
        for (int round = 0; round < 50; round++) {
            Journal journal = open(file());
            CompletableFuture<List<CompletableFuture<Void>>> recording =
                    CompletableFuture.supplyAsync(() -> IntStream.range(0, 200)
                            .mapToObj(
                                    i -> journal.record(Records.permitted("x")).toCompletableFuture())
                            .toList());
            journal.close();
            for (CompletableFuture<Void> one : recording.get(10, TimeUnit.SECONDS)) {
                assertThat(one.handle((written, problem) -> true).get(10, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void missing_directories_are_created_and_outsiders_cannot_read() throws Exception {
        Path deep = directory.resolve("a/b/audit.jsonl");
        try (Journal journal = open(deep)) {
            record(journal, "a");
        }
        for (Path made : List.of(deep, deep.getParent())) {
            assertThat(Files.getPosixFilePermissions(made))
                    .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                    .doesNotContain(
                            PosixFilePermission.GROUP_WRITE,
                            PosixFilePermission.OTHERS_READ,
                            PosixFilePermission.OTHERS_WRITE,
                            PosixFilePermission.OTHERS_EXECUTE);
        }
    }

    @Test
    void a_file_moved_away_by_log_rotation_is_begun_anew() throws Exception {
        Path rotated = directory.resolve("audit.jsonl.1");
        try (Journal journal = open(file())) {
            record(journal, "before");
            Files.move(file(), rotated);
            Audits.awaitLook();
            record(journal, "after");
        }
        assertThat(rotated).content().contains("\"before\"").doesNotContain("\"after\"");
        assertThat(file()).content().contains("\"after\"", "\"seq\":2,").doesNotContain("\"before\"");
    }

    @Test
    void a_removed_file_is_begun_anew() throws Exception {
        try (Journal journal = open(file())) {
            record(journal, "before");
            Files.delete(file());
            Audits.awaitLook();
            record(journal, "after");
        }
        assertThat(file()).content().contains("\"after\"");
    }
}
