package io.konnectproxy.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.config.Configuration.Audit.OnFailure;
import io.konnectproxy.server.mirror.Mirrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A trail that cannot be written for a while. */
@EnabledOnOs(OS.LINUX)
class JournalOutageTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    /** The device on which every write fails with "no space left". */
    private Journal onFullDisk(OnFailure onFailure) throws IOException, JournalException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        return Journal.open(Audits.of(Optional.of(file().toString()), false, onFailure));
    }

    private static void record(Journal journal, String id) throws Exception {
        journal.record(Records.permitted(id)).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_full_disk_fails_the_record_and_readiness() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThat(journal.available()).isTrue();
            assertThatThrownBy(() -> record(journal, "a"))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(AuditUnavailableException.class)
                    .hasMessage("no space left on device");
            assertThat(journal.available()).isFalse();
            assertThat(journal.lost()).isEqualTo(1);
        }
    }

    @Test
    void with_on_failure_continue_work_goes_on_and_losses_are_counted() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.CONTINUE)) {
            record(journal, "a");
            record(journal, "b");
            assertThat(journal.lost()).isEqualTo(2);
            assertThat(journal.available()).isFalse();
        }
    }

    @Test
    void it_recovers_with_the_next_record_and_the_gap_in_seq_shows_what_was_lost() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            Files.delete(file());
            record(journal, "found");
            assertThat(journal.available()).isTrue();
        }
        assertThat(Files.readAllLines(file())).singleElement().asString().contains("\"seq\":2,", "\"found\"");
    }

    @Test
    void it_recovers_by_itself_since_nobody_sends_requests_to_what_is_not_ready() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            Files.delete(file());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!journal.available() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(journal.available()).isTrue();
        }
        assertThat(file()).as("trying leaves nothing behind").isEmptyFile();
    }

    @Test
    void a_directory_that_goes_away_is_not_made_again() throws Exception {
        Path inside = Files.createDirectory(directory.resolve("volume")).resolve("audit.jsonl");
        try (Journal journal = Journal.open(Audits.of(Optional.of(inside.toString()), false, OnFailure.REFUSE))) {
            Files.delete(inside);
            Files.delete(inside.getParent());
            assertThatThrownBy(() -> record(journal, "a")).hasRootCauseMessage("its directory does not exist");
            Files.createDirectory(inside.getParent());
            record(journal, "b");
        }
        assertThat(inside).content().contains("\"b\"");
    }

    /** A disk that hangs in the middle of a write. */
    private static final class Hanging implements LineSink {
        private final CountDownLatch writing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public Append append(ByteBuffer lines) {
            writing.countDown();
            try {
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Append(lines.limit(), Optional.empty());
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void a_hanging_disk_blocks_no_caller_and_a_full_queue_fails_at_once() throws Exception {
        Hanging disk = new Hanging();
        try (Journal journal = new Journal(disk, Mirrors.none(), OnFailure.REFUSE, 2)) {
            CompletableFuture<Void> first =
                    journal.record(Records.permitted("a")).toCompletableFuture();
            disk.writing.await();
            CompletableFuture<Void> second =
                    journal.record(Records.permitted("b")).toCompletableFuture();
            CompletableFuture<Void> third =
                    journal.record(Records.permitted("c")).toCompletableFuture();
            CompletableFuture<Void> fourth =
                    journal.record(Records.permitted("d")).toCompletableFuture();

            assertThat(fourth).isCompletedExceptionally();
            assertThat(journal.available()).isFalse();
            assertThat(first).isNotDone();
            disk.goOn.countDown();
            CompletableFuture.allOf(first, second, third).get(10, TimeUnit.SECONDS);
            assertThat(journal.available()).isTrue();
            assertThat(journal.lost()).isEqualTo(1);
        }
    }

    @Test
    void a_record_that_cannot_be_encoded_fails_alone() throws Exception {
        try (Journal journal = Journal.open(Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE))) {
            record(journal, "a");
            assertThatThrownBy(() -> journal.record(Records.impossible())
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(AuditUnavailableException.class);
            record(journal, "b");
        }
        assertThat(Files.readAllLines(file())).hasSize(2);
        assertThat(Files.readString(file())).contains("\"seq\":1,", "\"seq\":2,");
    }
}
