package io.konnectproxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.audit.AuditRecord;
import io.konnectproxy.audit.AuditRecord.Configured.Occasion;
import io.konnectproxy.audit.Outcome;
import io.konnectproxy.audit.PolicySettings;
import io.konnectproxy.journal.AuditSettings.OnFailure;
import io.konnectproxy.mirror.MirrorTarget;
import io.konnectproxy.mirror.MirrorUrl;
import io.konnectproxy.mirror.Mirrors;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import io.konnectproxy.trail.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trail that cannot be written for a while. */
@EnabledOnOs(OS.LINUX)
class JournalOutageTest {
    @RegisterExtension
    private final LogCapture log = LogCapture.of("io.konnectproxy.journal")
            .expecting(
                    "The audit file ",
                    "The lock file beside the audit file ",
                    "The clock jumped from ",
                    "io.konnectproxy.journal.JournalOutageTest$Hanging",
                    "An audit record could not be put into words: ",
                    "The audit trail has ended: ");

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("audit.jsonl");
    }

    /** JUnit would warn of a link that leads out of its directory. */
    @AfterEach
    void removeLink() throws IOException {
        if (Files.isSymbolicLink(file())) {
            Files.delete(file());
        }
    }

    /** The device on which every write fails with "no space left". */
    private Journal onFullDisk(OnFailure onFailure) throws IOException, JournalException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        return Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, onFailure));
    }

    private static void record(Journal journal, String id) throws Exception {
        journal.record(Records.permitted(id, Instant.now()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
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

    @ParameterizedTest
    @EnumSource
    void it_recovers_with_the_next_record_and_the_trail_says_what_it_lost(OnFailure onFailure) throws Exception {
        try (Journal journal = onFullDisk(onFailure)) {
            for (String id : List.of("lost", "too")) {
                CompletableFuture<Void> lost =
                        journal.record(Records.permitted(id, Instant.now())).toCompletableFuture();
                assertThat(lost.handle((done, problem) -> problem != null).get(10, TimeUnit.SECONDS))
                        .isEqualTo(onFailure == OnFailure.REFUSE);
            }
            Files.delete(file());
            record(journal, "found");
            assertThat(journal.available()).isTrue();
        }
        List<String> lines = Trails.lines(file());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains(
                        "\"event\":\"gap\",\"lost\":2,",
                        "\"reason\":\"no space left on device\",\"on_failure\":\""
                                + onFailure.name().toLowerCase(Locale.ROOT) + "\"");
        assertThat(lines.get(1)).contains("\"found\"");
    }

    /** A tunnel that ends has ended, and its line is owed. */
    @Test
    void the_end_of_a_tunnel_waits_for_the_end_of_the_outage() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            CompletableFuture<Void> first =
                    journal.record(Records.end(Outcome.Closed.IDLE)).toCompletableFuture();
            CompletableFuture<Void> second =
                    journal.record(Records.end(Outcome.Closed.DRAINED)).toCompletableFuture();
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            assertThat(first).isNotDone();
            Files.delete(file());
            record(journal, "found");
            assertThat(CompletableFuture.allOf(first, second)).isCompleted();
            assertThat(journal.lost()).isEqualTo(2);
        }
        assertThat(Trails.lines(file()))
                .satisfiesExactly(
                        gap -> assertThat(gap).contains("\"gap\",\"lost\":2,"),
                        idle -> assertThat(idle).contains("\"idle\""),
                        drained -> assertThat(drained).contains("\"drained\""),
                        found -> assertThat(found).contains("\"found\""));
    }

    /** The server decides by it whether the new configuration is put in force. */
    @Test
    void a_reload_fails_in_an_outage_while_nothing_is_served() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThat(journal.record(Records.configured(Occasion.RELOAD, Optional.empty()))
                            .toCompletableFuture()
                            .handle((done, problem) -> problem)
                            .get(10, TimeUnit.SECONDS))
                    .isInstanceOf(AuditUnavailableException.class);
            assertThat(journal.lost()).isEqualTo(1);
        }
    }

    @Test
    void a_reload_in_an_outage_that_is_served_is_recorded_after_it() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.CONTINUE)) {
            record(journal, "lost");
            journal.record(Records.configured(Occasion.RELOAD, Optional.empty()))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            Files.delete(file());
            record(journal, "found");
            assertThat(journal.lost()).isEqualTo(1);
        }
        assertThat(Trails.lines(file()))
                .satisfiesExactly(
                        gap -> assertThat(gap).contains("\"gap\",\"lost\":1,"),
                        reload -> assertThat(reload).contains("\"occasion\":\"reload\""),
                        found -> assertThat(found).contains("\"found\""));
    }

    @Test
    void a_refused_reload_waits_for_the_end_of_the_outage() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            CompletableFuture<Void> refused = journal.record(
                            new AuditRecord.ReloadRefused(Instant.now(), List.of("One.")))
                    .toCompletableFuture();
            Files.delete(file());
            record(journal, "found");
            assertThat(refused).isCompleted();
        }
        assertThat(Trails.lines(file()).get(1)).contains("\"reload_refused\",\"problems\":[\"One.\"]");
    }

    /** What is counted there has its line nowhere else. */
    @Test
    void a_sum_of_refusals_waits_too() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            CompletableFuture<Void> sum = journal.record(Records.summedUp(Optional.empty(), Optional.empty()))
                    .toCompletableFuture();
            Files.delete(file());
            record(journal, "found");
            assertThat(sum).isCompleted();
            assertThat(journal.lost()).isEqualTo(1);
        }
        assertThat(Trails.lines(file()))
                .satisfiesExactly(
                        gap -> assertThat(gap).contains("\"gap\",\"lost\":1,"),
                        sum -> assertThat(sum).contains("\"refusals\"", "\"count\":942"),
                        found -> assertThat(found).contains("\"found\""));
    }

    @Test
    void it_recovers_by_itself_since_nobody_sends_requests_to_what_is_not_ready() throws Exception {
        try (Journal journal = onFullDisk(OnFailure.REFUSE)) {
            assertThatThrownBy(() -> record(journal, "lost")).isInstanceOf(ExecutionException.class);
            Files.delete(file());
            Await.until("the journal is available", journal::available);
        }
        assertThat(Trails.lines(file())).singleElement().asString().contains("\"gap\",\"lost\":1,");
    }

    @Test
    void a_directory_that_goes_away_is_not_made_again() throws Exception {
        Path inside = Files.createDirectory(directory.resolve("volume")).resolve("audit.jsonl");
        try (Journal journal =
                Journal.open("proxy-1", Audits.of(Optional.of(inside.toString()), false, OnFailure.REFUSE))) {
            Files.delete(inside);
            Files.delete(inside.resolveSibling("audit.jsonl.lock"));
            Files.delete(inside.getParent());
            Audits.awaitLook();
            assertThatThrownBy(() -> record(journal, "a")).hasRootCauseMessage("its directory does not exist");
            Files.createDirectory(inside.getParent());
            record(journal, "b");
        }
        assertThat(inside).content().contains("\"b\"");
    }

    /** A disk that hangs in the middle of a write. */
    private static class Hanging implements LineSink {
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
        public boolean prepare(Link last, boolean afterFailure) {
            return false;
        }

        @Override
        public void lookNext() {}

        @Override
        public boolean watch() {
            return false;
        }

        @Override
        public Optional<AuditRecord> repeated(Instant now) {
            return Optional.empty();
        }

        @Override
        public void use(AuditSettings audit) {}

        @Override
        public List<AuditRecord> news() {
            return List.of();
        }

        @Override
        public void beginEnd() {
            // Nothing here causes records.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void a_hanging_disk_blocks_no_caller_and_a_full_queue_fails_at_once() throws Exception {
        Hanging disk = new Hanging();
        try (Journal journal = Journal.on(
                new Journal.Ground(disk, Link.NONE, Optional.empty()),
                Mirrors.open("proxy-1", false, List.of()),
                OnFailure.REFUSE,
                Optional.empty(),
                new LinkedBlockingQueue<>(2),
                InstantSource.system())) {
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
    void a_change_that_was_given_up_is_not_made_later() throws Exception {
        Hanging disk = new Hanging();
        BlockingQueue<Journal.Waiting> queue = new LinkedBlockingQueue<>(2);
        AuditSettings none = Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE);
        try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Mirrors mirrors = Mirrors.open(
                    "proxy-1",
                    false,
                    List.of(new MirrorTarget(
                            new MirrorUrl(MirrorUrl.Protocol.SYSLOG_TCP, "localhost", receiver.getLocalPort(), ""),
                            Optional.empty())));
            try (Journal journal = Journal.on(
                    new Journal.Ground(disk, Link.NONE, Optional.empty()),
                    mirrors,
                    OnFailure.REFUSE,
                    Optional.empty(),
                    queue,
                    InstantSource.system())) {
                var unused = journal.record(Records.permitted("a"));
                disk.writing.await();
                Thread impatient = new Thread(() -> {
                    try {
                        journal.change(none);
                    } catch (InterruptedException e) {
                        // As asked for.
                    }
                });
                impatient.start();
                Await.until("the change waits", () -> queue.size() == 1);
                impatient.interrupt();
                impatient.join();
                disk.goOn.countDown();
                record(journal, "b");
                assertThat(mirrors.isEmpty()).isFalse();
            }
        }
    }

    @Test
    void a_changed_configuration_whose_line_is_lost_for_good_fails_whatever_happens_to_requests() throws Exception {
        Journal journal = onFullDisk(OnFailure.CONTINUE);
        journal.close();
        CompletableFuture<Void> line = journal.record(new AuditRecord.Configured(
                        Instant.now(),
                        AuditRecord.Configured.Occasion.RELOAD,
                        "proxy-1",
                        "0123456789ab",
                        new PolicySettings(Map.of()),
                        Optional.of(List.of())))
                .toCompletableFuture();
        assertThatThrownBy(() -> line.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void a_record_that_cannot_be_encoded_fails_alone() throws Exception {
        try (Journal journal =
                Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE))) {
            record(journal, "a");
            assertThatThrownBy(() -> journal.record(Records.impossible())
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(AuditUnavailableException.class);
            record(journal, "b");
        }
        assertThat(Trails.lines(file()))
                .satisfiesExactlyInAnyOrder(
                        a -> assertThat(a).contains("\"a\""),
                        gap -> assertThat(gap)
                                .contains("\"lost\":1,", "\"reason\":\"the record could not be encoded\""),
                        b -> assertThat(b).contains("\"b\""));
    }

    /** A fault of the program ends the trail; it must not also leave clients hanging. */
    @Test
    void callers_are_notified_when_the_writer_ends_by_an_error() {
        LineSink faulty = new Hanging() {
            @Override
            public boolean prepare(Link last, boolean afterFailure) {
                throw new IllegalStateException("a fault");
            }
        };
        try (Journal journal = Journal.on(
                new Journal.Ground(faulty, Link.NONE, Optional.empty()),
                Mirrors.open("proxy-1", false, List.of()),
                OnFailure.REFUSE,
                Optional.empty(),
                new LinkedBlockingQueue<>(2),
                InstantSource.system())) {
            assertThatThrownBy(() -> record(journal, "a")).hasCauseInstanceOf(AuditUnavailableException.class);
            assertThat(journal.available()).isFalse();
        }
    }

    @Test
    void an_interrupt_does_not_keep_it_from_writing_what_waits_and_closing() throws Exception {
        Journal journal = Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE));
        var unused = journal.record(Records.permitted("a"));
        Thread.currentThread().interrupt();
        journal.close();
        assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
        assertThat(Trails.lines(file())).hasSize(1);
        Journal.open("proxy-1", Audits.of(Optional.of(file().toString()), false, OnFailure.REFUSE))
                .close();
    }
}
