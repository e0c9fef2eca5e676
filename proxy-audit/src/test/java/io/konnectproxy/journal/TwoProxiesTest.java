package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.support.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A second proxy with the same audit file, after the lock file was removed. */
class TwoProxiesTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal")
            .expecting("The lock file beside the audit file ", "The audit file ");

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("trail").resolve("audit.jsonl");
    }

    private Path lock() {
        return file().resolveSibling("audit.jsonl.lock");
    }

    private Journal open() throws JournalException {
        return Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE));
    }

    private static void record(Journal journal, String id) throws Exception {
        journal.record(Records.permitted(id, Instant.now()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void is_kept_out_though_the_lock_file_was_removed_and_the_first_goes_on() throws Exception {
        try (Journal first = open()) {
            record(first, "a");
            Files.delete(lock());
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalException.class)
                    .hasMessage("The audit file " + file() + " cannot be written: another proxy writes it."
                            + " Stop that one, or set audit.file.");
            record(first, "b");
        }
        assertThat(Trails.lines(file())).hasSize(2);
    }

    @Test
    void a_lock_file_that_was_removed_is_made_anew() throws Exception {
        try (Journal first = open()) {
            record(first, "a");
            Files.delete(lock());
            Audits.awaitLook();
            record(first, "b");
            assertThat(lock()).exists();
            assertThatThrownBy(this::open).isInstanceOf(JournalException.class);
        }
        assertThat(Trails.lines(file())).hasSize(2);
    }

    /** The first has no way to know of the second before it writes again, and then it does not write. */
    @Test
    void in_a_directory_that_was_replaced_the_first_stops_and_harms_nothing() throws Exception {
        Path moved = directory.resolve("moved");
        try (Journal first = open()) {
            record(first, "a");
            Files.move(file().getParent(), moved);
            try (Journal second = open()) {
                record(second, "x");
                Audits.awaitLook();
                assertThatThrownBy(() -> record(first, "b"))
                        .hasCauseInstanceOf(AuditUnavailableException.class)
                        .hasRootCauseMessage("another proxy writes it");
                assertThat(first.available()).isFalse();
                record(second, "y");
            }
            assertThatThrownBy(() -> record(first, "c"))
                    .hasRootCauseMessage("another proxy has written to it meanwhile");
        }
        assertThat(Trails.lines(file())).hasSize(2);
        assertThat(Trails.lines(moved.resolve("audit.jsonl"))).hasSize(1);
        assertThat(Trails.named(file().getParent(), "audit.jsonl.torn-")).isEmpty();
    }

    @Test
    void in_a_directory_that_was_replaced_a_proxy_alone_goes_on() throws Exception {
        Path moved = directory.resolve("moved");
        try (Journal first = open()) {
            record(first, "a");
            Files.move(file().getParent(), moved);
            Files.createDirectory(file().getParent());
            Audits.awaitLook();
            record(first, "b");
        }
        assertThat(Trails.lines(moved.resolve("audit.jsonl"), file())).hasSize(2);
    }
}
