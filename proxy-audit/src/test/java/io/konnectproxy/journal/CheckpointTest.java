package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AuditRecord.Lifecycle.Phase;
import io.konnectproxy.journal.AuditSettings.Durability;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.journal.AuditSettings.Signing;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.keys.SigningKey;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.TrailLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Lines that prove the ones before them. */
class CheckpointTest {
    private static final Duration NEVER = Duration.ofHours(1);

    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal").expecting();

    @TempDir
    private Path directory;

    private final SigningKey key = SigningKey.generate();

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    private Path keyFile(Optional<char[]> password) throws IOException {
        return Files.writeString(directory.resolve("audit.pem"), key.pem(password));
    }

    private Journal open(int every, Duration interval) throws Exception {
        return open(
                new Signing(keyFile(Optional.empty()).toString(), Optional.empty(), Optional.empty(), every, interval));
    }

    private Journal open(Signing signing) throws JournalException {
        return Journal.open(
                "proxy-1",
                new AuditSettings(
                        Optional.of(file().toString()),
                        AuditSettings.Stdout.OFF,
                        OnFailure.REFUSE,
                        Durability.OS,
                        Audits.NEVER,
                        Optional.of(signing),
                        List.of(),
                        Optional.empty()));
    }

    private static void record(Journal journal, int lines) throws Exception {
        for (int i = 0; i < lines; i++) {
            journal.record(Records.permitted("id" + i)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** Where the checkpoints stand among the lines, counted from 1; each is signed with the key. */
    private List<Integer> checkpoints() throws IOException {
        List<String> lines = Trails.lines(file());
        return java.util.stream.IntStream.range(0, lines.size())
                .filter(i -> isCheckpoint(lines.get(i)))
                .mapToObj(i -> i + 1)
                .toList();
    }

    private boolean isCheckpoint(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        TrailLine line = new TrailLine();
        assertThat(line.read(bytes, 0, bytes.length)).isTrue();
        Optional<TrailLine.SignedPart> checkpoint = line.checkpoint();
        checkpoint.ifPresent(found -> {
            assertThat(found.key()).isEqualTo(key.verificationKey().fingerprint());
            assertThat(key.verificationKey().verifies(found.signed(), found.signature()))
                    .isTrue();
        });
        return checkpoint.isPresent();
    }

    @Test
    void follow_the_start_then_every_so_many_lines_and_the_last_one() throws Exception {
        try (Journal journal = open(3, NEVER)) {
            record(journal, 9);
            journal.record(Records.lifecycle(Phase.STOP));
        }
        assertThat(checkpoints()).containsExactly(3, 7, 11, 14);
    }

    @Test
    void follow_after_a_time_though_nothing_more_comes_and_then_no_more() throws Exception {
        try (Journal journal = open(1000, Duration.ofMillis(50))) {
            record(journal, 1);
            Await.until("there is a checkpoint", () -> lines() == 2);
        }
        assertThat(checkpoints()).containsExactly(2);
    }

    private int lines() {
        try {
            return Files.readAllLines(file()).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void are_not_made_where_nothing_was_written() throws Exception {
        open(1, Duration.ofMillis(1)).close();
        assertThat(file()).isEmptyFile();
    }

    @Test
    void many_lines_that_wait_are_one_checkpoint() throws Exception {
        try (Journal journal = open(10, NEVER)) {
            for (int i = 0; i < 4000; i++) {
                journal.record(Records.permitted("x"));
            }
        }
        assertThat(checkpoints()).hasSizeBetween(2, 400);
    }

    @Test
    void are_signed_with_a_key_under_a_password_from_a_file_or_from_the_environment() throws Exception {
        Path encrypted = keyFile(Optional.of("s3cret".toCharArray()));
        Path password = Files.writeString(directory.resolve("password"), "s3cret\n");
        try (Journal journal =
                open(new Signing(encrypted.toString(), Optional.of(password.toString()), Optional.empty(), 1, NEVER))) {
            record(journal, 1);
        }
        try (Journal journal = open(
                new Signing(encrypted.toString(), Optional.empty(), Optional.of(new Secret("s3cret")), 1, NEVER))) {
            record(journal, 1);
        }
        assertThat(checkpoints()).containsExactly(2, 4);
    }

    @Test
    void without_a_key_that_can_be_used_nothing_starts_and_one_sentence_says_why() throws Exception {
        Path encrypted = keyFile(Optional.of("s3cret".toCharArray()));
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> open(new Signing("nowhere.pem", Optional.empty(), Optional.empty(), 1, NEVER)))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("The audit trail cannot be signed (audit.sign): ")
                .hasMessageContaining("nowhere.pem");
        assertThatThrownBy(() -> open(new Signing(encrypted.toString(), Optional.empty(), Optional.empty(), 1, NEVER)))
                .hasMessageContaining("is encrypted, and no password was given");
        assertThatThrownBy(() -> open(
                        new Signing(encrypted.toString(), Optional.of(empty.toString()), Optional.empty(), 1, NEVER)))
                .hasMessageContaining(empty + " must hold the password alone in one line.");
        assertThatThrownBy(() -> open(
                        new Signing(encrypted.toString(), Optional.empty(), Optional.of(new Secret("no")), 1, NEVER)))
                .isInstanceOf(JournalException.class)
                .hasMessageNotContaining("s3cret");
        assertThat(file()).doesNotExist();
    }
}
